import { useEffect, useId, useState, type DragEvent } from 'react';

const KINDS = ['image/png', 'image/jpeg'];

/** Why a file cannot be classified, or undefined if it may. */
export function refusal(file: File): string | undefined {
  if (!KINDS.includes(file.type)) {
    return `${file.name || 'This'} is ${file.type ? `of type ${file.type}` : 'of an unknown type'}; choose a JPEG or PNG picture.`;
  }
  return file.size === 0 ? `${file.name} is empty.` : undefined;
}

/** A place to drop, paste or choose a picture, with its preview. */
export function PictureField({ picture, onPicture }: {
  picture: File | undefined;
  onPicture: (file: File) => void;
}) {
  const id = useId();
  const [over, setOver] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const [preview, setPreview] = useState<string>();

  useEffect(() => {
    if (!picture) {
      return;
    }
    const address = URL.createObjectURL(picture);
    setPreview(address);
    return () => URL.revokeObjectURL(address);
  }, [picture]);

  const take = (file: File | null | undefined) => {
    if (file) {
      const reason = refusal(file);
      setWrong(reason);
      if (!reason) {
        onPicture(file);
      }
    }
  };

  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => take(event.clipboardData?.files[0]);
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  });

  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };

  return (
    <div>
      <label
        htmlFor={id}
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {picture && preview ? (
          <>
            <img src={preview} alt={`The chosen picture, ${picture.name}`} />
            <span className="hint">{picture.name} · drop or choose another</span>
          </>
        ) : (
          <>
            <strong>Drop a picture here</strong>
            <span className="hint">or choose a JPEG or PNG file, or paste one</span>
          </>
        )}
        <input
          id={id}
          className="unseen"
          type="file"
          accept={KINDS.join(',')}
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </label>
      {wrong && (
        <p className="field-wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}
