import java.io.File;

import org.eclipse.rdf4j.model.vocabulary.RDF4J;
import org.eclipse.rdf4j.repository.RepositoryException;
import org.eclipse.rdf4j.repository.sail.SailRepository;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.Rio;
import org.eclipse.rdf4j.sail.memory.MemoryStore;
import org.eclipse.rdf4j.sail.shacl.ShaclSail;
import org.eclipse.rdf4j.sail.shacl.ShaclSailValidationException;

/** Validate files with RDF4J's ShaclSail: `java Rdf4jValidate.java SHAPES DATA...` prints the report in Turtle. */
public class Rdf4jValidate {
    private static final String CONFORMS = "[] a <http://www.w3.org/ns/shacl#ValidationReport> ;"
        + " <http://www.w3.org/ns/shacl#conforms> true .";

    public static void main(String[] args) throws Exception {
        var repository = new SailRepository(new ShaclSail(new MemoryStore()));
        try (var connection = repository.getConnection()) {
            connection.begin();
            connection.add(new File(args[0]), RDFFormat.TURTLE, RDF4J.SHACL_SHAPE_GRAPH);
            connection.commit();
            connection.begin();
            for (var i = 1; i < args.length; i++) {
                connection.add(new File(args[i]), RDFFormat.TURTLE);
            }
            connection.commit();
            System.out.println(CONFORMS);
        } catch (RepositoryException refused) {
            if (!(refused.getCause() instanceof ShaclSailValidationException report)) {
                throw refused;
            }
            Rio.write(report.validationReportAsModel(), System.out, RDFFormat.TURTLE);
            System.exit(1);
        } finally {
            repository.shutDown();
        }
    }
}
