package spikemlp.benchmark.libtorch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Who frees a native object: the scope it was made in, or whoever has taken it with {@link #keep}
 * and gives it back with {@code close()}.
 */
final class Native {

  private Native() {}

  /** Runs {@code body} in a scope of its own and hands its result to the scope around. */
  static Tensor scoped(Supplier<Tensor> body) {
    PointerScope outer = PointerScope.getInnerScope();
    Tensor result;
    try (PointerScope _ = new PointerScope()) {
      result = keep(body.get());
    }
    outer.attach(result);
    result.close();
    return result;
  }

  /** Takes an object out of its scope; the caller closes it. */
  static <P extends Pointer> P keep(P pointer) {
    pointer.retainReference();
    return pointer;
  }
}
