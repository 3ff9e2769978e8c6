"""What watches the pages sees a fault where there is one."""

import pytest

from tests.browser.watching import Tab

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_fault_that_is_planted_is_named_with_its_place(tab: Tab) -> None:
    page = tab.go("/account/login/")
    assert tab.violations() == []
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    (found,) = tab.violations()
    assert found.startswith("image-alt: img: ")
