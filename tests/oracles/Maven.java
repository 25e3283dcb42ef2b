import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.maven.artifact.versioning.DefaultArtifactVersion;
import org.apache.maven.artifact.versioning.InvalidVersionSpecificationException;
import org.apache.maven.artifact.versioning.VersionRange;

/** Reads lines of range, tab and version. Maven answers each: true, false, "no range", or "soft" for a bare version. */
public class Maven {
    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines();
        lines.forEach(line -> System.out.println(judge(line.split("\t", -1))));
    }

    private static String judge(String[] pair) {
        try {
            VersionRange range = VersionRange.createFromVersionSpec(pair[0]);
            return range.hasRestrictions()
                    && range.getRecommendedVersion() == null
                    ? Boolean.toString(range.containsVersion(new DefaultArtifactVersion(pair[1])))
                    : "soft";
        } catch (InvalidVersionSpecificationException invalid) {
            return "no range";
        }
    }
}
