import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.eclipse.rdf4j.common.exception.RDF4JException;
import org.eclipse.rdf4j.query.BooleanQuery;
import org.eclipse.rdf4j.query.GraphQuery;
import org.eclipse.rdf4j.query.TupleQuery;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLBooleanJSONWriter;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLResultsJSONWriter;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sail.SailRepository;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.Rio;
import org.eclipse.rdf4j.sail.nativerdf.NativeStore;

/**
 * Load a file into RDF4J's NativeStore and answer queries: `java Rdf4jEndpoint.java FOLDER FILE PORT`.
 *
 * RDF4J's own server is not in Maven Central; this one has what a query by POST needs, in JSON and N-Triples.
 */
public class Rdf4jEndpoint {
    public static void main(String[] args) throws IOException {
        var repository = new SailRepository(new NativeStore(new File(args[0])));
        try (var connection = repository.getConnection()) {
            connection.add(new File(args[1]), Rio.getParserFormatForFileName(args[1]).orElseThrow());
        }
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[2])), 0);
        server.createContext("/sparql", exchange -> answer(exchange, repository));
        server.start();
    }

    private static void answer(HttpExchange exchange, SailRepository repository) throws IOException {
        var body = new ByteArrayOutputStream();
        var status = 200;
        try (var connection = repository.getConnection()) {
            var type = evaluate(connection, query(exchange), body);
            exchange.getResponseHeaders().set("Content-Type", type);
        } catch (RDF4JException error) {
            status = 400;
            body.write(String.valueOf(error.getMessage()).getBytes(StandardCharsets.UTF_8));
        }
        exchange.sendResponseHeaders(status, body.size());
        try (var out = exchange.getResponseBody()) {
            body.writeTo(out);
        }
    }

    private static String query(HttpExchange exchange) throws IOException {
        var form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        return Arrays.stream(form.split("&"))
            .filter(field -> field.startsWith("query="))
            .map(field -> URLDecoder.decode(field.substring("query=".length()), StandardCharsets.UTF_8))
            .findFirst()
            .orElse("");
    }

    private static String evaluate(RepositoryConnection connection, String text, ByteArrayOutputStream body) {
        var query = connection.prepareQuery(text);
        if (query instanceof TupleQuery rows) {
            rows.evaluate(new SPARQLResultsJSONWriter(body));
        } else if (query instanceof BooleanQuery truth) {
            new SPARQLBooleanJSONWriter(body).handleBoolean(truth.evaluate());
        } else if (query instanceof GraphQuery graph) {
            graph.evaluate(Rio.createWriter(RDFFormat.NTRIPLES, body));
            return "application/n-triples";
        }
        return "application/sparql-results+json";
    }
}
