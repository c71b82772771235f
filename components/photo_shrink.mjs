// Makes a picture small enough in the browser: upright by its EXIF note, JPEG, at most so large.
import { attempts, jpegName } from "./photo.mjs";

async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return await decodeByElement(file);
  }
}

// Older engines lack the option or the format; the image element knows the same formats as <img>.
async function decodeByElement(file) {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

const toBlob = (canvas, quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

/** Give back a JPEG of at most `maxBytes`; throws Error("unreadable") if it is no picture. */
export async function shrink(file, maxBytes) {
  let picture;
  try {
    picture = await decode(file);
  } catch {
    throw new Error("unreadable");
  }
  const width = picture.naturalWidth || picture.width;
  const height = picture.naturalHeight || picture.height;
  if (!width || !height) throw new Error("unreadable");
  const canvas = document.createElement("canvas");
  let blob = null;
  for (const size of attempts(width, height)) {
    if (canvas.width !== size.width || canvas.height !== size.height || !blob) {
      canvas.width = size.width;
      canvas.height = size.height;
      const context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, size.width, size.height);
      context.drawImage(picture, 0, 0, size.width, size.height);
    }
    blob = await toBlob(canvas, size.quality);
    if (!blob) throw new Error("unreadable");
    if (blob.size <= maxBytes) break;
  }
  picture.close?.();
  if (blob.size > maxBytes) throw new Error("too_large");
  return new File([blob], jpegName(file.name), { type: "image/jpeg" });
}
