import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

type DialogProps = {
  title: string;
  onClose(): void;
  /** Whether the Escape key closes it. @default true */
  isClosable?: boolean;
  className?: string;
  children: ReactNode;
};

/** A modal dialog for as long as it is rendered. The focus goes back to where it came from, or to the heading where that is gone. */
export function Dialog({ title, onClose, isClosable = true, className = "", children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => {
      dialog?.close();
      const focused = document.activeElement;
      if (focused === document.body || dialog?.contains(focused)) document.querySelector("h1")?.focus();
    };
  }, []);

  return (
    <dialog
      ref={ref}
      className={`dialog ${className}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (isClosable) onClose();
      }}
      onClose={({ currentTarget }) => {
        // Browsers close it all the same when Escape is pressed a second time.
        if (currentTarget.open) return;
        if (isClosable) onClose();
        else currentTarget.showModal();
      }}
    >
      <h2 id={titleId} className="dialog-title">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
