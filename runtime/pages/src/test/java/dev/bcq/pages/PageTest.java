package dev.bcq.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bcq.console.CommandException;
import dev.bcq.console.TextTable.Column;
import dev.bcq.pages.BarChart.Arrangement;
import dev.bcq.pages.HeatMap.Cell;
import dev.bcq.pages.LineChart.Line;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class PageTest {
  private static final String HOSTILE = "<img src=\"x\"> & 'y' \u0001 $1 \\ {body}";

  private static Document parse(Page page) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page.html())));
  }

  private static List<Element> elements(Document page, String name) {
    NodeList nodes = page.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  private static List<Chart> charts(String title) {
    return List.of(
        new BarChart(
            title,
            "MB",
            List.of("a", "b"),
            Map.of("c", Arrays.asList(1.0, null)),
            Arrangement.GROUPED),
        new HeatMap(
            title, "e", List.of("f"), List.of("g", "h"), List.of(new Cell(0, 1, 1, "3.25"))),
        new LineChart(
            title,
            "i",
            "j",
            List.of(new Line("k", List.of(1.0, 2.0), List.of(3.0, 0.5))),
            LineChart.Heights.LOGARITHMIC));
  }

  @Test
  void everyPartKeepsThePageWellFormedWhateverItSays() throws Exception {
    Page page = new Page(HOSTILE);
    page.headline(Map.of(HOSTILE, HOSTILE));
    page.facts(Map.of(HOSTILE, HOSTILE));
    page.warning(HOSTILE);
    page.heading(HOSTILE);
    page.paragraph(HOSTILE);
    page.lines(List.of(HOSTILE));
    page.charts(charts(HOSTILE.replace("\u0001", "")));
    page.table(List.of(Column.text(HOSTILE)), List.of(List.of(HOSTILE)), List.of(HOSTILE));
    Document document = parse(page);
    assertEquals(List.of(), elements(document, "img"));
    for (String name : List.of("title", "h1", "dt", "dd", "h2", "th", "td", "pre")) {
      assertEquals(
          HOSTILE.replace('\u0001', '\uFFFD'),
          elements(document, name).get(0).getTextContent().strip(),
          name);
    }
  }

  @Test
  void idsOfPlotsDiffer() throws Exception {
    Page page = new Page("p");
    page.charts(charts("first"));
    page.charts(charts("second"));
    Set<String> ids = new HashSet<>();
    for (Element element : elements(parse(page), "*")) {
      String id = element.getAttribute("id");
      assertTrue(id.isEmpty() || ids.add(id), id);
    }
    assertFalse(ids.isEmpty());
  }

  @Test
  void aPlotTellsItsTitleToThoseWhoCannotSeeIt() throws Exception {
    Page page = new Page("p");
    page.charts(charts("speed"));
    for (Element svg : elements(parse(page), "svg")) {
      assertEquals("img", svg.getAttribute("role"));
      assertEquals("speed", svg.getAttribute("aria-label"));
    }
  }

  @Test
  void figuresStandInTheCellsOfAMapInAnyLanguageOfTheMachine() throws Exception {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      Page page = new Page("p");
      page.charts(charts("map"));
      assertEquals("3.25", elements(parse(page), "text").get(0).getTextContent());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aMapOfVeryManyColumnsHasNoFigures() throws Exception {
    List<String> columns = IntStream.range(0, 60).mapToObj(String::valueOf).toList();
    Page page = new Page("p");
    page.charts(
        List.of(new HeatMap("m", "c", columns, List.of("r"), List.of(new Cell(0, 0, 1, "3.25")))));
    assertEquals(List.of(), elements(parse(page), "text"));
    assertEquals("whole", elements(parse(page), "figure").get(0).getAttribute("class"));
  }

  @Test
  void aFileIsReplacedOnlyIfThatIsWanted(@TempDir Path folder) throws IOException {
    Path path = Files.writeString(folder.resolve("p.html"), "old");
    Page page = new Page("new");
    PageFile kept = new PageFile(path, false);
    assertEquals(
        path + " exists already", assertThrows(CommandException.class, kept::check).getMessage());
    assertThrows(CommandException.class, () -> kept.write(page));
    assertEquals("old", Files.readString(path));
    new PageFile(path, true).write(page);
    assertEquals(page.html(), Files.readString(path));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(path), files.toList());
    }
  }

  @Test
  void aFolderIsNoFileForAPage(@TempDir Path folder) {
    String message =
        assertThrows(CommandException.class, new PageFile(folder, true)::check).getMessage();
    assertEquals(folder + " is a folder; expected a file to write the page to", message);
  }

  @Test
  void aFolderThatDoesNotExistIsNamed(@TempDir Path folder) {
    Path path = folder.resolve("missing/p.html");
    String message =
        assertThrows(CommandException.class, new PageFile(path, true)::check).getMessage();
    assertEquals(
        path + " cannot be written: the directory " + path.getParent() + " does not exist",
        message);
  }
}
