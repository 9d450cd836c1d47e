package spikemlp.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Which pictures are learnt from and which are held out.
 *
 * @param train indices in their order
 * @param test indices in their order
 */
record Split(List<Integer> train, List<Integer> test) {

  /** The share held out of a source that has no test part. */
  static final double HELD_OUT = 0.1;

  /**
   * Holds out a tenth of each class, at least one picture of a class that has two.
   *
   * @param classes each picture's class
   * @param seed of the choice; the same seed and pictures give the same split
   */
  static Split stratified(int[] classes, int classCount, long seed) {
    List<List<Integer>> members = new ArrayList<>();
    for (int c = 0; c < classCount; c++) {
      members.add(new ArrayList<>());
    }
    for (int i = 0; i < classes.length; i++) {
      members.get(classes[i]).add(i);
    }
    boolean[] heldOut = new boolean[classes.length];
    for (int c = 0; c < classCount; c++) {
      List<Integer> own = members.get(c);
      int count = own.size() < 2 ? 0 : Math.max(1, (int) Math.round(HELD_OUT * own.size()));
      SplitMix random = SplitMix.of(seed, 0, c);
      for (int k = 0; k < count; k++) {
        int chosen = k + random.nextInt(own.size() - k);
        heldOut[own.get(chosen)] = true;
        own.set(chosen, own.get(k));
      }
    }
    List<Integer> train = new ArrayList<>();
    List<Integer> test = new ArrayList<>();
    for (int i = 0; i < classes.length; i++) {
      (heldOut[i] ? test : train).add(i);
    }
    return new Split(train, test);
  }
}
