import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.eclipse.aether.util.version.GenericVersionScheme;
import org.eclipse.aether.version.InvalidVersionSpecificationException;

/** Reads lines of range, tab and version. Maven answers each: true, false, "no range", or "soft" for a bare version. */
public class Maven {
    private static final GenericVersionScheme SCHEME = new GenericVersionScheme();

    public static void main(String[] arguments) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines();
        lines.forEach(line -> System.out.println(judge(line.split("\t", -1))));
    }

    private static String judge(String[] pair) {
        try {
            var constraint = SCHEME.parseVersionConstraint(pair[0]);
            return constraint.getRange() == null
                    ? "soft"
                    : Boolean.toString(constraint.containsVersion(SCHEME.parseVersion(pair[1])));
        } catch (InvalidVersionSpecificationException invalid) {
            return "no range";
        }
    }
}
