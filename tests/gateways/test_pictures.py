"""Pictures that people send: what is taken, what it becomes, and what does no harm."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFont

from onboarding.gateways import documents_logo, pictures
from onboarding.gateways.pictures import Fault, UnusablePicture
from onboarding.gateways.pictures_header import header

FACE = "templates/documents/fonts/SourceSerif4-SemiBold.ttf"


def written(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def read(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def wordmark(size: tuple[int, int] = (1_800, 600), ground: object = (0, 0, 0, 0)) -> Image.Image:
    """As a sign painter sends it: a mark, a name, much room around."""
    picture = Image.new("RGBA", size, ground)
    draw = ImageDraw.Draw(picture)
    draw.polygon([(200, 400), (400, 150), (600, 400)], fill="#1f5c49")
    draw.text((640, 200), "Ridgeline", fill="#1c1a17", font=ImageFont.truetype(FACE, 200))
    return picture


def noise(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """What no encoding makes small."""
    chance = random.Random(7)
    return Image.frombytes(mode, size, chance.randbytes(size[0] * size[1] * len(mode)))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def fault_of(content: bytes) -> Fault:
    with pytest.raises(UnusablePicture) as refused:
        pictures.logo(content)
    with pytest.raises(UnusablePicture) as refused_too:
        pictures.photo(content)
    assert refused.value.fault is refused_too.value.fault
    return refused.value.fault


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_logo_weighs_two_thousand_bytes_on_pages_and_keeps_what_shows_through(kind):
    made = pictures.logo(written(wordmark(), kind))
    page, mail, paper = read(made.page), read(made.mail), read(made.paper)
    assert (page.format, mail.format, paper.format) == ("WEBP", "PNG", "PNG")
    assert len(made.page) <= 2_000
    assert len(made.mail) <= 20_000
    assert page.height >= 45, "two pixels to a pixel of the header, at the least"
    assert all(one.has_transparency_data for one in (page, mail, paper))
    # The room around it is gone: it is as wide as it is drawn.
    assert made.width / made.height > 3.5
    assert (paper.width, paper.height) == (made.width, made.height)
    assert documents_logo.is_usable(made.paper)


def test_even_a_photograph_becomes_a_logo_that_is_light():
    made = pictures.logo(written(noise((1_200, 800)), "JPEG", quality=95))
    assert len(made.page) <= 2_000
    assert len(made.mail) <= 20_000
    assert len(made.paper) <= 1_000_000
    assert documents_logo.is_usable(made.paper)


def test_a_photo_is_at_most_1600_pixels_with_a_thumbnail():
    made = pictures.photo(written(Image.new("RGB", (4_000, 3_000), "#8b8578"), "JPEG"))
    assert (made.media_type, made.width, made.height) == ("image/jpeg", 1_600, 1_200)
    assert read(made.content).size == (1_600, 1_200)
    assert read(made.thumbnail).size == (320, 240)


def test_a_photo_through_which_something_shows_stays_so():
    made = pictures.photo(written(wordmark()))
    assert made.media_type == "image/webp"
    assert read(made.content).mode == "RGBA"


def test_what_the_camera_wrote_beside_the_picture_is_gone_and_it_stands_upright():
    sideways = Image.new("RGB", (400, 200), "#c03020")
    sideways.paste("#2030c0", (200, 0, 400, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: the left side is the top
    exif[0x8825] = {1: "N", 2: (45.0, 31.0, 12.0)}  # where the house stands
    content = written(sideways, "JPEG", exif=exif, comment=b"canary", quality=95)
    assert b"Exif" in content
    made = pictures.photo(content)
    upright = read(made.content)
    assert upright.size == (200, 400)
    red, _, blue = upright.getpixel((100, 20))
    assert red > blue, "what was left is on top"
    for kept in (made.content, made.thumbnail, *_all(pictures.logo(content))):
        assert not read(kept).getexif()
        assert b"canary" not in kept
        assert b"Exif" not in kept


def _all(made: pictures.Logo) -> tuple[bytes, bytes, bytes]:
    return made.page, made.mail, made.paper


def test_nothing_hidden_behind_a_picture_comes_through():
    """A polyglot: a picture for one program, a page or an archive for another."""
    content = written(wordmark()) + b"<script>alert('canary')</script>PK\x03\x04canary"
    made = pictures.logo(content)
    assert all(b"canary" not in kept for kept in _all(made))
    assert b"canary" not in pictures.photo(content).content


def test_no_colour_profile_comes_through():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = pictures.photo(written(Image.new("RGB", (64, 64)), "JPEG", icc_profile=profile))
    assert "icc_profile" not in read(made.content).info


@pytest.mark.parametrize(
    ("mode", "kind", "color"),
    [
        ("CMYK", "JPEG", (0, 255, 255, 0)),
        ("L", "PNG", 128),
        ("LA", "PNG", (128, 60)),
        ("P", "PNG", 3),
        ("1", "PNG", 1),
        ("I;16", "PNG", 40_000),
        ("L", "JPEG", 200),
    ],
)
def test_every_way_of_writing_colours_is_taken(mode, kind, color):
    content = written(Image.new(mode, (200, 100), color), kind)
    assert read(pictures.logo(content).page).height == 90
    assert read(pictures.photo(content).content).mode in ("RGB", "RGBA")


def test_sixteen_bits_of_grey_stay_grey():
    made = pictures.photo(written(Image.new("I;16", (64, 64), 32_768)))
    assert 120 < read(made.content).getpixel((5, 5))[0] < 136


def test_of_an_animation_the_first_frame_is_taken():
    frames = [Image.new("RGBA", (90, 90), color) for color in ("#c03020", "#2030c0")]
    for kind in ("PNG", "WEBP"):
        content = written(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        page = read(pictures.logo(content).page).convert("RGB")
        red, _, blue = page.getpixel((45, 45))
        assert red > blue
        assert getattr(page, "n_frames", 1) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"%PDF-1.7",
        b"II*\0" + b"\0" * 100,
        b"\xff\xd8\xff" + b"\xff" * 200,
        b"\xff\xd8\xff\xe0\x00\x00" * 40,
        b"RIFF\0\0\0\0WEBPVP8X" + b"\xff" * 40,
        written(wordmark())[:-2_000],
        written(noise((300, 200)), "JPEG")[:300],
        written(wordmark(), "WEBP")[:400],
        bomb(300, 200)[:60],
    ],
    ids=range(14),
)
def test_what_is_no_picture_is_refused_whatever_it_is_called(content):
    assert fault_of(content) in (Fault.NO_PICTURE, Fault.TOO_LARGE)


def test_a_gif_and_a_tiff_are_refused():
    for kind in ("GIF", "TIFF", "BMP", "ICO"):
        content = written(Image.new("RGB", (64, 64)), kind)
        assert fault_of(content) is Fault.NO_PICTURE


def test_a_bomb_is_refused_before_it_unfolds():
    assert fault_of(bomb(60_000, 60_000)) is Fault.TOO_LARGE
    assert fault_of(bomb(2**31 - 1, 2**31 - 1)) is Fault.TOO_LARGE
    assert fault_of(bomb(8_000, 5_001)) is Fault.TOO_LARGE


def test_forty_megapixels_are_taken():
    content = written(Image.new("L", (8_000, 5_000), 90), optimize=False)
    assert pictures.photo(content).width == 1_600


def test_a_jpeg_of_a_thousand_scans_is_refused():
    content = written(Image.new("RGB", (640, 480), "#8b8578"), "JPEG", progressive=True)
    scan = content.index(b"\xff\xda")
    trap = content[:-2] + content[scan:-2] * 100 + content[-2:]
    assert fault_of(trap) is Fault.NO_PICTURE


@pytest.mark.parametrize("size", [(1, 100_000), (100_000, 1), (20, 500)])
def test_a_thread_is_refused(size):
    assert fault_of(written(Image.new("RGB", size))) is Fault.TOO_THIN


def test_a_dot_is_refused():
    assert fault_of(written(Image.new("RGB", (8, 8)))) is Fault.TOO_SMALL


def test_what_is_heavier_than_five_megabytes_is_refused():
    assert fault_of(written(noise((64, 64))) + b"\0" * pictures.MOST_BYTES) is Fault.TOO_HEAVY


def test_a_logo_of_nothing_is_refused():
    with pytest.raises(UnusablePicture) as refused:
        pictures.logo(written(Image.new("RGBA", (90, 90), (0, 0, 0, 0))))
    assert refused.value.fault is Fault.EMPTY


def test_damage_at_any_place_is_refused_or_harmless():
    chance = random.Random(11)
    for content in (
        written(wordmark((300, 100))),
        written(noise((120, 80)), "JPEG", progressive=True),
        written(wordmark((300, 100)), "WEBP"),
    ):
        for _ in range(60):
            damaged = bytearray(content)
            for _ in range(chance.randrange(1, 6)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                pictures.photo(bytes(damaged))
            except UnusablePicture:
                continue


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_header_tells_the_size(kind):
    content = written(Image.new("RGB", (321, 123)), kind)
    assert header(content) == (kind, 321, 123)
    clear = written(Image.new("RGBA", (321, 123)), "WEBP", lossless=True)
    assert header(clear) == ("WEBP", 321, 123)
