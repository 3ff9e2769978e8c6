"""A key's fingerprint as people compare it by voice: rows of words, or groups of digits.

Both are read off the key's thumbprint (RFC 7638), the SHA-256 that its `kid` writes in base64url.
The words are of its first 16 bytes, one for each: nobody finds a second key with the same ones.
"""

from typing import Final

from openhns.proofs import jws

_WORDS: Final = """
    acorn actor album alley amber anchor ankle apple apron arrow atlas autumn badge bagpipe
    baker ballet bamboo banana banjo barber barley basket beacon beaver berry bicycle biscuit
    blanket blossom bonfire bottle bramble bridge broom bucket buffalo bugle butter button cabin
    cactus camel candle canoe carpet carrot castle cedar cellar cherry chimney circus clarinet
    cloud clover cobbler coconut coffee comet copper coral cottage cotton cousin cradle crayon
    cricket crystal cucumber curtain cushion daisy dancer desert diamond dolphin donkey drawer
    dune eagle easel echo elbow elephant ember engine envelope fabric falcon farmer feather
    fiddle flamingo flute forest fossil fountain fox galaxy garden garlic ginger giraffe glacier
    glove goblet goose granite grape guitar hammer harbour harvest hazel helmet heron hill honey
    horizon icicle igloo island ivory jacket jaguar jasmine jelly jigsaw juniper kettle kitchen
    kite ladder lagoon lantern lemon leopard lettuce lily linen lizard lobster lotus magnet
    mango maple marble market meadow melon meteor mirror mitten monkey mosaic mountain muffin
    museum napkin needle nephew nettle noodle nutmeg oasis ocean olive onion orange orchard
    otter oyster paddle palace panda paper parrot pebble pelican pepper piano pigeon pillow
    planet plum pocket potato prairie pumpkin puppet quarry quilt rabbit radish rainbow raisin
    raven ribbon river robin rose rudder saddle sailor salmon sandal satchel shadow shovel
    silver skirt snail soap sparrow spinach sponge squirrel statue stone sugar summer sunrise
    swallow table tailor teapot temple thimble thunder tiger timber tomato tortoise trumpet
    tulip tunnel turnip umbrella uncle valley velvet violin volcano wagon walnut walrus watch
    waterfall whale wheat willow window winter wizard yogurt zebra
""".split()  # noqa: SIM905 - a list of 256 words, as people read it.
_BYTES: Final = 16
_IN_A_ROW: Final = 4
_GROUP: Final = 4


def word_rows(kid: str) -> list[list[str]]:
    """Return the fingerprint as four rows of four words."""
    words = [_WORDS[byte] for byte in jws.decode(kid)[:_BYTES]]
    return [words[start : start + _IN_A_ROW] for start in range(0, _BYTES, _IN_A_ROW)]


def digit_groups(kid: str) -> str:
    """Return the whole fingerprint as hexadecimal digits in groups of four."""
    digits = jws.decode(kid).hex()
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))
