import { useState } from 'react';
import type { AliasMove, Gate, GateCondition } from '../../api/types';
import { useLoad } from '../../api/useApi';
import { instant } from '../../format/format';
import { Loading, ProblemNotice } from '../../ui/ui';

/** A condition in the words of the API's refusals, such as `accuracy >= holder.accuracy - 0.005`. */
export function inWords({ metric, comparison, constant, holder }: GateCondition): string {
  if (!holder) {
    return `${metric} ${comparison} ${constant}`;
  }
  const factor = holder.factor ?? 1;
  const offset = holder.offset ?? 0;
  const scaled = (factor === 1 ? '' : `${factor} · `) + `holder.${holder.metric ?? metric}`;
  const shift = offset === 0 ? '' : ` ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`;
  return `${metric} ${comparison} ${scaled}${shift}`;
}

/** An alias's gate and where it pointed, asked for when it is opened. */
export function AliasDetails({ alias, path }: { alias: string; path: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{alias}: gate and history</summary>
      {open && <Opened path={path} />}
    </details>
  );
}

function Opened({ path }: { path: string }) {
  const gate = useLoad<Gate>(`${path}/gate`);
  const history = useLoad<{ items: AliasMove[] }>(`${path}/history?limit=20`);
  const noGate = gate.problem?.status === 404;
  return (
    <>
      {gate.problem && !noGate && <ProblemNotice problem={gate.problem} onRetry={gate.reload} />}
      {noGate && <p className="hint">No gate: any version that is ready may take this alias.</p>}
      {gate.data && (
        <>
          <p className="hint">A version takes this alias if</p>
          <ul>
            {gate.data.conditions.map((condition) => (
              <li key={inWords(condition)}>
                <code>{inWords(condition)}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {history.problem && <ProblemNotice problem={history.problem} onRetry={history.reload} />}
      {!history.data && !history.problem && <Loading what="history" />}
      {history.data && (
        <ol className="history">
          {history.data.items.map((move, index) => (
            <li key={index}>
              {instant(move.movedAt)}: {move.from ?? 'none'} → {move.to ?? 'none'} by {move.actor}
              {move.overrideReason && ` past the gate: ${move.overrideReason}`}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
