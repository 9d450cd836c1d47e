package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeBackendTest {

  @Test
  void aCpuGetsTheBuildThatItCanRun(@TempDir Path directory) throws IOException {
    assertThat(NativeBackend.extensionFor(Set.of("sse2", "avx"))).isEmpty();
    assertThat(NativeBackend.extensionFor(Set.of("avx2", "fma", "f16c"))).isEqualTo("-avx2");
    assertThat(NativeBackend.extensionFor(Set.of("avx2", "fma", "f16c", "avx512f")))
        .isEqualTo("-avx2");
    Path cpuinfo = directory.resolve("cpuinfo");
    Files.writeString(
        cpuinfo,
        "processor\t: 0\nflags\t\t: fma avx2 f16c avx512f avx512vl avx512bw avx512dq avx512cd\n");
    assertThat(NativeBackend.extensionFor(NativeBackend.cpuFlags(cpuinfo))).isEqualTo("-avx512");
    assertThat(NativeBackend.cpuFlags(directory.resolve("absent"))).isEmpty();
  }
}
