package spikemlp.inference.engine;

/** Something taken that {@link #close()} gives back, once. */
@FunctionalInterface
public interface Held extends AutoCloseable {

  @Override
  void close();
}
