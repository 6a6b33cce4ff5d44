import { useEffect, useRef } from "react";

/** The heading of a step; takes the focus when the step appears, so that screen readers tell it. */
export function StepHeading({ text }: { text: string }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => ref.current?.focus(), [text]);
  return (
    <h3 ref={ref} tabIndex={-1} className="step-heading">
      {text}
    </h3>
  );
}
