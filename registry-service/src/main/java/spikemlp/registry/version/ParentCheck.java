package spikemlp.registry.version;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.contract.card.Parent;
import spikemlp.contract.registry.RegisterVersionRequest;

/** What the registry has of the version whose weights another started from. */
@Component
class ParentCheck {

  /** What was found of a parent when its child was registered. */
  enum Check {
    /** The version is here and has the checkpoint that the card names. */
    MATCHED,
    /** The version is here; its checkpoint is another, or it has none. */
    OTHER_CHECKPOINT,
    /** No version of that model and number is here. */
    ABSENT
  }

  /** A parent as the card names it, and what was found of it. */
  record Found(String model, int version, Check check) {}

  private final JdbcClient jdbc;

  ParentCheck(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Looks the parent up; empty for a model trained from scratch. */
  Optional<Found> find(@Nullable Parent parent) {
    if (parent == null) {
      return Optional.empty();
    }
    Check check =
        jdbc.sql(
                """
                select exists (select from version_artifact f
                                where f.version_id = v.id and f.file = ? and f.sha256 = ?)
                  from model_version v join model m on m.id = v.model_id
                 where m.name = ? and v.version = ?
                """)
            .params(
                RegisterVersionRequest.CHECKPOINT_FILE,
                parent.checkpointSha256(),
                parent.model(),
                parent.version())
            .query(Boolean.class)
            .optional()
            .map(matched -> matched ? Check.MATCHED : Check.OTHER_CHECKPOINT)
            .orElse(Check.ABSENT);
    return Optional.of(new Found(parent.model(), parent.version(), check));
  }
}
