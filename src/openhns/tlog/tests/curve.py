"""edwards25519 in plain integers (RFC 8032 section 5.1), slow and only to make odd test points."""

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]


def add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    k = D * x1 * x2 * y1 * y2 % P
    x3 = (x1 * y2 + x2 * y1) * pow(1 + k, -1, P) % P
    y3 = (y1 * y2 + x1 * x2) * pow(1 - k, -1, P) % P
    return x3, y3


def multiply(point: Point, scalar: int) -> Point:
    result = (0, 1)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def encode(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def point_at(y: int) -> Point | None:
    """Return the point of that y with an even x, None where there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return (x if x % 2 == 0 else P - x), y


def point_of_order_8() -> Point:
    """Return ORDER times some point, once that is of order 8 and no less."""
    for y in range(2, 200):
        point = point_at(y)
        torsion = multiply(point, ORDER) if point else (0, 1)
        if multiply(torsion, 4) != (0, 1):
            return torsion
    raise AssertionError("half of all points have a component of order 8")


BASE = point_at(4 * pow(5, -1, P) % P) or (0, 1)
