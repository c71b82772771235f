"""A file's way against the real storage: announced, sent, verified, opened, taken out."""

import asyncio
import hashlib
import io
from contextlib import suppress
from uuid import uuid4

import county
import httpx
import psycopg
import pytest
import pytest_asyncio
from county import MakeCase, Person, SignIn, announce, jpeg, put, upload
from PIL import Image
from storage3.exceptions import StorageApiError

from backend import applications, documents
from backend.config import Settings
from backend.database import connections, service_db
from backend.errors import Conflict, Invalid, NotFound, ServiceError

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest_asyncio.fixture(loop_scope="session")
async def citizen(sign_in: SignIn) -> Person:
    return await sign_in()


@pytest_asyncio.fixture(loop_scope="session")
async def other(demo: SignIn) -> Person:
    return await demo(county.MA)


@pytest_asyncio.fixture(loop_scope="session")
async def draft(citizen: Person) -> str:
    """A draft for the elderly allowance: two photos of the card, one or two of the household."""
    return await applications.start(citizen.db, county.ALLOWANCE)


async def materials(person: Person, application_id: str) -> dict[str, list[dict[str, object]]]:
    found = await applications.page(person.db, application_id)
    return {m["code"]: m["documents"] for m in found["materials"]}


async def refusal(work: object) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await work  # type: ignore[misc]
    return caught.value


async def stored(settings: Settings, bucket: str, path: str) -> bytes | None:
    try:
        return await service_db(settings).storage.from_(bucket).download(path)
    except StorageApiError:
        return None


def paths(connection: psycopg.Connection, document_id: str) -> tuple[str, str | None]:
    row = connection.execute(
        "select incoming_path, path from public.documents where id = %s", (document_id,)
    ).fetchone()
    assert row
    return row[0], row[1]


def phone_photo() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "PhoneMaker"
    exif[0x8825] = {1: "N", 2: (40.0, 17.0, 30.0), 3: "E", 4: (97.0, 2.0, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (80, 40), (1, 2, 3)).save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_a_photo_becomes_part_of_the_case(
    settings: Settings, superuser: psycopg.Connection, citizen: Person, draft: str
) -> None:
    document = await upload(settings, citizen, draft, "bank-card", phone_photo())
    shown = (await materials(citizen, draft))["bank-card"]
    assert [d["id"] for d in shown] == [document]
    assert (shown[0]["width"], shown[0]["height"], shown[0]["mime"]) == (40, 80, "image/jpeg")
    opened = await documents.opened(settings, citizen.db, document)
    answer = await connections().get(opened.url)
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/jpeg"
    assert b"PhoneMaker" not in answer.content and b"Exif" not in answer.content
    incoming, clean = paths(superuser, document)
    assert await stored(settings, "incoming", incoming) is None
    assert clean and await stored(settings, "materials", clean) == answer.content


async def test_finishing_twice_is_finishing_once(
    settings: Settings, citizen: Person, draft: str
) -> None:
    document = await upload(settings, citizen, draft, "bank-card", jpeg())
    await documents.finish(settings, citizen.db, document)
    assert len((await materials(citizen, draft))["bank-card"]) == 1


async def test_finishing_at_the_same_moment(
    settings: Settings, citizen: Person, draft: str
) -> None:
    photo = jpeg()
    place = await announce(settings, citizen, draft, "bank-card", photo)
    assert await put(place.upload_url, photo) == 200
    results = await asyncio.gather(
        *(documents.finish(settings, citizen.db, place.document_id) for _ in range(4)),
        return_exceptions=True,
    )
    assert results == [None] * 4
    assert len((await materials(citizen, draft))["bank-card"]) == 1
    opened = await documents.opened(settings, citizen.db, place.document_id)
    assert (await connections().get(opened.url)).status_code == 200


async def test_the_same_file_twice_is_one_document(
    settings: Settings, citizen: Person, draft: str
) -> None:
    photo = jpeg()
    first = await upload(settings, citizen, draft, "household-page", photo)
    again = await announce(settings, citizen, draft, "household-page", photo)
    assert again == documents.Upload(first, "", True)


async def test_a_cut_upload_begins_again_at_the_same_document(
    settings: Settings, citizen: Person, draft: str
) -> None:
    photo = jpeg()
    first = await announce(settings, citizen, draft, "bank-card", photo)
    error = await refusal(documents.finish(settings, citizen.db, first.document_id))
    assert error.code == "file_not_arrived"
    again = await announce(settings, citizen, draft, "bank-card", photo)
    assert (again.document_id, again.is_existing) == (first.document_id, False)
    assert await put(again.upload_url, photo) == 200
    await documents.finish(settings, citizen.db, again.document_id)


async def test_a_file_whose_answer_was_lost_counts_when_it_is_sent_again(
    settings: Settings, citizen: Person, draft: str
) -> None:
    photo = jpeg()
    first = await announce(settings, citizen, draft, "bank-card", photo)
    assert await put(first.upload_url, photo) == 200
    again = await announce(settings, citizen, draft, "bank-card", photo)
    assert again == documents.Upload(first.document_id, "", True)
    assert len((await materials(citizen, draft))["bank-card"]) == 1


async def test_more_files_than_the_guide_takes(
    settings: Settings, citizen: Person, draft: str
) -> None:
    for shade in (1, 2):
        await upload(settings, citizen, draft, "household-page", jpeg((shade, 0, 0)))
    error = await refusal(announce(settings, citizen, draft, "household-page", jpeg((3, 0, 0))))
    assert (error.code, error.detail) == ("too_many_files", "2")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mime": "text/html"}, "file_kind_refused"),
        ({"mime": "image/svg+xml"}, "file_kind_refused"),
        ({"size": 0}, "file_empty"),
        ({"size": 60 * 1024 * 1024}, "file_too_large"),
        ({"sha256": "../../etc/passwd"}, "file_hash_invalid"),
        ({"material_code": "diploma"}, "material_unknown"),
    ],
)
async def test_what_is_refused_before_a_byte_is_sent(
    settings: Settings, citizen: Person, draft: str, change: dict[str, object], code: str
) -> None:
    asked = {
        "material_code": "bank-card", "name": "a.jpg", "mime": "image/jpeg", "size": 9,
        "sha256": "0" * 64,
    } | change  # fmt: skip
    material = str(asked.pop("material_code"))
    error = await refusal(
        documents.begin(settings, citizen.db, draft, material, **asked)  # type: ignore[arg-type]
    )
    assert isinstance(error, Invalid) and error.code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><script>alert(1)</script></html>", "file_kind_refused"),
        (jpeg(size=(600, 600))[:900], "file_damaged"),
    ],
)
async def test_a_wrong_file_with_the_right_name(
    settings: Settings, superuser: psycopg.Connection, citizen: Person, draft: str,
    content: bytes, code: str,
) -> None:  # fmt: skip
    place = await announce(settings, citizen, draft, "bank-card", content)
    assert await put(place.upload_url, content) == 200
    for _ in range(2):
        error = await refusal(documents.finish(settings, citizen.db, place.document_id))
        assert error.code == code
    assert (await materials(citizen, draft))["bank-card"] == []
    incoming, clean = paths(superuser, place.document_id)
    assert clean is None and await stored(settings, "incoming", incoming) is None
    # The place is free again.
    await upload(settings, citizen, draft, "bank-card", jpeg())


async def test_other_bytes_than_announced(settings: Settings, citizen: Person, draft: str) -> None:
    place = await announce(settings, citizen, draft, "bank-card", jpeg((9, 9, 9)))
    assert await put(place.upload_url, jpeg((8, 8, 8))) == 200
    error = await refusal(documents.finish(settings, citizen.db, place.document_id))
    assert error.code == "file_cut"


async def test_storage_itself_refuses_what_is_too_much(
    settings: Settings, citizen: Person, draft: str
) -> None:
    place = await announce(settings, citizen, draft, "bank-card", jpeg())
    with suppress(httpx.TransportError):  # it may hang up as soon as the length is known
        assert await put(place.upload_url, b"\xff" * (10 * 1024 * 1024 + 1)) in (400, 413)
    assert await put(place.upload_url, b"<html>", "text/html") in (400, 415)
    error = await refusal(documents.finish(settings, citizen.db, place.document_id))
    assert error.code == "file_not_arrived"


async def test_a_pdf_counts_as_a_paper(settings: Settings, citizen: Person, draft: str) -> None:
    document = await upload(settings, citizen, draft, "bank-card", PDF, mime="application/pdf")
    opened = await documents.opened(settings, citizen.db, document)
    assert opened.mime == "application/pdf"
    assert (await connections().get(opened.url)).content == PDF


async def test_names_are_cleaned_of_paths_and_control_characters(
    settings: Settings, citizen: Person, draft: str
) -> None:
    photo = jpeg()
    name = "../..\\身份证\n正面.jpg"
    place = await announce(settings, citizen, draft, "bank-card", photo, name=name)
    assert await put(place.upload_url, photo) == 200
    await documents.finish(settings, citizen.db, place.document_id)
    opened = await documents.opened(settings, citizen.db, place.document_id)
    assert opened.file_name == "....身份证 正面.jpg"


async def test_nobody_touches_a_strangers_files(
    settings: Settings, superuser: psycopg.Connection, citizen: Person, other: Person, draft: str
) -> None:
    document = await upload(settings, citizen, draft, "bank-card", jpeg())
    waiting = await announce(settings, citizen, draft, "household-page", jpeg((5, 5, 5)))
    for attempt in (
        documents.finish(settings, other.db, document),
        documents.finish(settings, other.db, waiting.document_id),
        documents.opened(settings, other.db, document),
        documents.remove(other.db, document),
        documents.finish(settings, other.db, str(uuid4())),
    ):
        error = await refusal(attempt)
        assert isinstance(error, NotFound) and error.code == "document_not_found"
    error = await refusal(announce(settings, other, draft, "bank-card", jpeg((6, 6, 6))))
    assert error.code == "case_not_found"
    # Nor does anybody get past our commands by talking to storage.
    incoming, clean = paths(superuser, waiting.document_id)[0], paths(superuser, document)[1]
    assert clean
    for bucket, path in (("materials", clean), ("incoming", incoming)):
        with pytest.raises((StorageApiError, httpx.HTTPError)):
            await other.db.storage.from_(bucket).create_signed_url(path, 60)
        with pytest.raises((StorageApiError, httpx.HTTPError)):
            await other.db.storage.from_(bucket).download(path)
    for bucket in ("materials", "incoming"):
        with pytest.raises((StorageApiError, httpx.HTTPError)):
            path = f"{other.id}/{uuid4()}"
            kind = {"content-type": "image/jpeg"}
            await other.db.storage.from_(bucket).upload(path, jpeg(), kind)


async def test_even_the_owner_writes_nothing_verified(
    settings: Settings, superuser: psycopg.Connection, citizen: Person, draft: str
) -> None:
    document = await upload(settings, citizen, draft, "bank-card", jpeg())
    clean = paths(superuser, document)[1]
    assert clean
    before = await stored(settings, "materials", clean)
    bucket = citizen.db.storage.from_("materials")
    with pytest.raises((StorageApiError, httpx.HTTPError)):
        await bucket.update(clean, jpeg((1, 1, 1)), {"content-type": "image/jpeg"})
    await bucket.remove([clean])
    assert await stored(settings, "materials", clean) == before


async def test_a_signed_place_is_good_for_one_document(
    settings: Settings, citizen: Person, draft: str
) -> None:
    photo = jpeg()
    place = await announce(settings, citizen, draft, "bank-card", photo)
    assert await put(place.upload_url, photo) == 200
    await documents.finish(settings, citizen.db, place.document_id)
    elsewhere = place.upload_url.replace(citizen.id, str(uuid4()))
    assert await put(elsewhere, photo) >= 400
    assert await put(place.upload_url.replace("token=", "token=x"), photo) >= 400


async def test_files_of_a_submitted_case_are_fixed(
    settings: Settings, citizen: Person, cases: MakeCase, demo: SignIn
) -> None:
    case = await cases(citizen)
    document = str((await materials(citizen, case))["bank-card"][0]["id"])
    error = await refusal(documents.remove(citizen.db, document))
    assert isinstance(error, Conflict) and error.code == "already_submitted"
    error = await refusal(announce(settings, citizen, case, "household-page", jpeg((9, 1, 1))))
    assert error.code == "already_submitted"
    clerk = await demo(county.CLERK_OF_YUMEN_TOWN)
    opened = await documents.opened(settings, clerk.db, document)
    assert (await connections().get(opened.url)).status_code == 200
    elsewhere = await demo(county.CLERK_OF_CHIJIN)
    error = await refusal(documents.opened(settings, elsewhere.db, document))
    assert error.code == "document_not_found"


async def test_bytes_that_belong_to_nothing_are_deleted(
    settings: Settings, superuser: psycopg.Connection, citizen: Person, draft: str
) -> None:
    document = await upload(settings, citizen, draft, "bank-card", jpeg())
    waiting = await announce(settings, citizen, draft, "household-page", jpeg((5, 5, 5)))
    assert await put(waiting.upload_url, jpeg((5, 5, 5))) == 200
    clean = paths(superuser, document)[1]
    incoming = paths(superuser, waiting.document_id)[0]
    assert clean
    service = service_db(settings)
    await documents.delete_abandoned(service)
    assert await stored(settings, "materials", clean)
    assert await stored(settings, "incoming", incoming)
    await documents.remove(citizen.db, document)
    superuser.execute(
        "update public.documents set created_at = now() - interval '25 hours' where id = %s",
        (waiting.document_id,),
    )
    assert await documents.delete_abandoned(service) >= 3
    assert await stored(settings, "materials", clean) is None
    assert await stored(settings, "incoming", incoming) is None
    assert await documents.delete_abandoned(service) == 0


def test_links_are_as_the_browser_reaches_them(settings: Settings) -> None:
    from dataclasses import replace

    inner = f"{settings.supabase_url}/storage/v1/object/sign/materials/a?token=t"
    assert documents.browser_url(replace(settings, supabase_public_url=""), inner) == (
        "/storage/v1/object/sign/materials/a?token=t"
    )
    public = replace(settings, supabase_public_url="https://x.supabase.co")
    assert documents.browser_url(public, inner).startswith("https://x.supabase.co/storage/")


def test_the_announced_hash_is_of_what_was_sent() -> None:
    content = jpeg()
    assert documents.cleaned(content, hashlib.sha256(content).hexdigest()).content != content
