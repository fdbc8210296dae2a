"""The guide to printing shows the contract that it prints."""

from PIL import Image, ImageChops, ImageStat

from tests.printing.picture import PICTURE, drawn


def test_the_picture_in_the_guide_is_of_the_contract_that_the_guide_prints() -> None:
    now = drawn()

    with Image.open(PICTURE) as image:
        shown = image.convert("L")

    assert shown.size == now.size
    # Other releases of the renderer smooth letters otherwise; a line more or less is far beyond this.
    assert ImageStat.Stat(ImageChops.difference(shown, now)).mean[0] < 1
