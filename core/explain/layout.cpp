#include "core/explain/layout.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>

namespace lab::explain {

/// A row of the table, read.
struct Layout::Spec {
    std::string kind = {}, id = {}, in = {};  ///< in: of the row that a matrix reads
    std::vector<std::string> flags = {};
    std::vector<Node*> nodes = {}, results = {};  ///< as many, null where there is none
    Words title = {};
    bool claims = true, claimsResults = true;

    bool has(const char* flag) const { return std::ranges::find(flags, flag) != flags.end(); }
};

namespace {

using Cell = std::pair<int, int>;

double valueAt(const Place& place) {
    return place.node ? place.node->value(place.entry) : std::numeric_limits<double>::quiet_NaN();
}

Expression explainAt(const Place& place, const CellRef& here) {
    const Node& node = *place.node;
    const CellRef shown = node.cell(place.entry);
    if (node.inFull || shown.stage.empty() || shown == here) return node.explain(place.entry);
    return sameAs(node.nameOf(place.entry), {node.value(place.entry), {}, shown});
}

/// "z" of "z#c".
Words labelOf(const Node* node) {
    if (!node) return {};
    if (!node->label.empty() || !node->symbol.isVerbatim()) return node->label.empty() ? node->symbol : node->label;
    std::string label;
    const std::string symbol = node->symbol.english();
    for (std::size_t i = 0; i < symbol.size(); ++i) {
        if (symbol.compare(i, 2, "^h") == 0) {
            ++i;
        } else if (symbol[i] == '#') {
            while (i + 1 < symbol.size() && std::string_view("hrc").find(symbol[i + 1]) != std::string::npos) ++i;
        } else {
            label += symbol[i];
        }
    }
    return label;
}

/// Labels of several results: each once.
Words joinedLabels(const std::vector<Node*>& results) {
    std::vector<Message> labels;
    for (const Node* node : results)
        if (const Words label = labelOf(node); !label.empty() && std::ranges::find(labels, label) == labels.end()) labels.push_back(label);
    return Message::joined(std::move(labels), ", ");
}

std::vector<Words> numbered(SourceText label, int count) {
    std::vector<Words> labels;
    for (int i = 0; i < count; ++i) labels.emplace_back(Message(label).arg(i));
    return labels;
}

std::vector<std::string> numbers(int count) {
    std::vector<std::string> texts;
    for (int i = 0; i < count; ++i) texts.push_back(text(i));
    return texts;
}

/// The columns with the largest numbers.
std::vector<int> largestColumns(const Grid& grid) {
    constexpr std::size_t most = 3;
    std::vector<double> sizes(static_cast<std::size_t>(grid.columns), 0.0);
    for (std::size_t i = 0; i < grid.values.size(); ++i) sizes[i % sizes.size()] += std::abs(grid.values[i]);
    std::vector<int> order(sizes.size());
    std::iota(order.begin(), order.end(), 0);
    const auto size = [&](int column) { return sizes[static_cast<std::size_t>(column)]; };
    std::ranges::stable_sort(order, std::greater<>(), size);
    order.resize(std::min(order.size(), most));
    std::erase_if(order, [&](int column) { return size(column) == 0.0; });
    return order;
}

Entry withColumn(Entry e, int column) {
    e.column = column;
    return e;
}

}  // namespace

Layout::Layout(std::shared_ptr<Graph> graph, Stage& stage, Variables variables, bool numbers)
    : m_graph(std::move(graph)), m_stage(stage), m_variables(std::move(variables)), m_numbers(numbers) {}

/// The rows of a norm, and of a norm backward.
std::string Layout::written(const std::string& layout) const {
    std::istringstream words(layout);
    std::string kind, id, n;
    words >> kind >> id >> n;
    n += ".";
    const bool centres = m_graph->find(n + "mean") || m_graph->find(n + "meanG");
    if (kind == "norm" && centres)
        return "lines+current " + id + " " + n + "z>" + n + "mean " + n + "centred>" + n + "spread " + n + "normed " + n + "result";
    if (kind == "norm") return "lines+current " + id + " " + n + "z>" + n + "spread " + n + "normed " + n + "result";
    if (kind != "normBack") return layout;
    return "lines+current+scales " + id + " " + n + "given " + n + "g>" + n + "meanG " + n + "n " + n + "gn>" + n + "meanGn " + n + "c " +
           n + "result>" + n + "spread";
}

void Layout::lay(const GridRow& row, bool claims, bool claimsResults) {
    std::istringstream words(written(filled(row.layout, m_variables).english()));
    Spec spec;
    words >> spec.kind >> spec.id;
    const std::size_t slash = spec.id.find('/');
    spec.in = slash == std::string::npos ? spec.id + "_in" : spec.id.substr(0, slash);
    if (slash != std::string::npos) spec.id = spec.id.substr(slash + 1);
    std::istringstream kind(spec.kind);
    std::getline(kind, spec.kind, '+');
    for (std::string flag; std::getline(kind, flag, '+');) spec.flags.push_back(flag);
    for (std::string name; words >> name;) {
        const std::size_t result = name.find('>');
        Node* node = m_graph->find(name.substr(0, result));
        if (!node && spec.kind == "lines") continue;
        spec.nodes.push_back(node);
        spec.results.push_back(result == std::string::npos ? nullptr : m_graph->find(name.substr(result + 1)));
    }
    const bool there = !spec.nodes.empty() && (spec.kind != "matrix" || spec.nodes.front());
    if (!there) return;
    spec.title = row.title.with(m_variables, row.arguments);
    spec.claims = claims && !spec.has("copy");
    spec.claimsResults = claimsResults && !spec.has("copy");
    static const std::map<std::string, void (Layout::*)(const Spec&), std::less<>> kinds{
        {"lines", &Layout::lines},   {"heads", &Layout::heads}, {"linear", &Layout::linear},   {"transposed", &Layout::transposed},
        {"matrix", &Layout::matrix}, {"keys", &Layout::keys},   {"readers", &Layout::readers}, {"queries", &Layout::queries},
        {"vector", &Layout::vector}, {"seen", &Layout::seen}};
    (this->*kinds.at(spec.kind))(spec);
}

void Layout::claim(Node* node, const Spec& spec, std::function<Cell(Entry)> cell, std::string spans) {
    if (node && spec.claims && node->shown.stage.empty() && !node->elsewhere)
        node->shown = {m_stage.id, spec.id, std::move(cell), std::move(spans)};
}

void Layout::claimResult(Node* node, const Spec& spec, std::function<int(Entry)> row, std::string spans) {
    if (node && spec.claimsResults && node->shown.stage.empty() && !node->elsewhere)
        node->shown = {m_stage.id, spec.id, [row](Entry e) { return Cell{row(e), masterColumn}; }, std::move(spans)};
}

Grid& Layout::cells(const Spec& spec, int rows, int columns, const Places& places) {
    Grid grid;
    grid.id = spec.id;
    grid.title = spec.title;
    grid.rows = m_numbers ? rows : 0;
    grid.columns = columns;
    grid.values.reserve(static_cast<std::size_t>(grid.rows) * static_cast<std::size_t>(columns));
    for (int r = 0; r < grid.rows; ++r)
        for (int c = 0; c < columns; ++c) grid.values.push_back(valueAt(places(r, c)));
    for (auto& [values, column] : {std::pair{&grid.master, masterColumn}, {&grid.lead, leadColumn}}) {
        bool any = false;
        for (int r = 0; r < grid.rows; ++r) any = any || places(r, column).node;
        for (int r = 0; any && r < grid.rows; ++r) values->push_back(valueAt(places(r, column)));
    }
    for (const auto& [flag, style] : {std::pair{"plain", GridStyle::plain},
                                      {"weights", GridStyle::weights},
                                      {"faders", GridStyle::faders},
                                      {"marks", GridStyle::marks}})
        if (spec.has(flag)) grid.style = style;
    grid.largest = grid.style == GridStyle::weights || grid.style == GridStyle::faders ? 1.0 : 0.0;
    grid.current = spec.has("current");
    grid.rowScales = spec.has("scales");
    const Context& c = m_graph->context();
    if (spec.has("lit")) grid.litColumns = c.litKeys();
    if (spec.has("target") && c.targetAt(c.answer) >= 0) grid.litColumns = {c.targetAt(c.answer)};
    if (spec.has("answer")) grid.litColumns = {c.answer};
    grid.explain = [graph = GraphPtr(m_graph), places, stage = m_stage.id, id = spec.id](int r, int column) {
        return explainAt(places(r, column), {stage, id, r, column});
    };
    if (spec.has("edit")) {
        const bool ofResult = spec.kind == "linear" || spec.kind == "vector";
        const Node& edited = ofResult ? *spec.results.front() : spec.kind == "keys" ? *spec.nodes.front() : *spec.nodes.back();
        const bool behind = static_cast<bool>(edited.byHand.place);
        grid.tensor = behind ? edited.byHand.tensor : edited.tensor;
        grid.reach = edited.byHand.reach;
        grid.place = [graph = GraphPtr(m_graph), places, &edited, behind](int r, int column) {
            const Place at = places(r, column);
            return at.node != &edited ? std::int64_t{-1} : (behind ? edited.byHand.place : edited.place)(at.entry);
        };
        if (behind)
            grid.stored = [graph = GraphPtr(m_graph), places, &edited](int r, int column, double value) {
                return edited.byHand.stored(places(r, column).entry, value);
            };
    }
    m_stage.grids.push_back(std::move(grid));
    return m_stage.grids.back();
}

/// One label a column, unless the grid above has the same.
void Layout::labelColumns(Grid& grid, char letter, bool always) {
    const Context& c = m_graph->context();
    const auto set = [&](SourceText what, const std::vector<std::string>& tokens = {}) {
        grid.columnsAre = what;
        grid.columnTokens = tokens;
    };
    if (letter == m_letter && !always) return;
    m_letter = letter;
    grid.columnLabels = numbers(grid.columns);
    switch (letter) {
        case 'j':
            return set(c.is("slots") ? LAB_TEXT("explain", "slot j") : LAB_TEXT("explain", "key j"), c.question.keyTokens);
        case 'i':
            return set(c.reads() ? LAB_TEXT("explain", "slot i") : LAB_TEXT("explain", "query i"), c.question.queryTokens);
        case 'y':
            return set(c.is("numbers") ? LAB_TEXT("explain", "output") : LAB_TEXT("explain", "class"), c.question.classNames);
        case 'u':
        case 'r':
            return set(LAB_TEXT("explain", "number"));
        case 'n':
            return set(LAB_TEXT("explain", "feature"));
        case 'b':
            return set(LAB_TEXT("explain", "code"));
        case 'e':
            return set(LAB_TEXT("explain", "expert"));
        case 'z':
            return set(LAB_TEXT("explain", "choice"));
        case 't':
            return set(LAB_TEXT("explain", "step"));
        case 'a':
            return set(LAB_TEXT("explain", "position"), targetTokens(grid.columns));
        case '.':
            return set(LAB_TEXT("explain", "of the row"));
        case 'w':
            return set(LAB_TEXT("explain", "channel c"));
        case ')':
            return set(c.block.heads == 1 ? LAB_TEXT("explain", "dim") : LAB_TEXT("explain", "joined dim"));
        default:
            return set(LAB_TEXT("explain", "dim"));
    }
}

/// What was right at each position.
std::vector<std::string> Layout::targetTokens(int count) const {
    const Context& c = m_graph->context();
    std::vector<std::string> tokens;
    for (int i = 0; i < count; ++i) {
        const int target = c.targetAt(i);
        if (c.is("numbers")) {  // the first of a position's numbers stands for them
            tokens.push_back(target < 0 ? "" : shownNumber(c.goal(i, 0), 3));
            continue;
        }
        const auto at = static_cast<std::size_t>(std::max(target, 0));
        tokens.push_back(target < 0 ? "" : at < c.question.classNames.size() ? c.question.classNames[at] : text(target));
    }
    return tokens;
}

void Layout::lines(const Spec& spec) {
    std::vector<std::pair<Place, Place>> rows;
    for (int r = 0; r < static_cast<int>(spec.nodes.size()); ++r) {
        Node *node = spec.nodes[static_cast<std::size_t>(r)], *result = spec.results[static_cast<std::size_t>(r)];
        claim(node, spec, [r](Entry e) { return Cell{r, e.column}; });
        claimResult(result, spec, [r](Entry) { return r; });
        rows.push_back({{node, node->inHand()}, {result, result ? result->inHand() : Entry{}}});
    }
    const auto places = [rows](int r, int c) -> Place {
        const auto& [node, result] = rows[static_cast<std::size_t>(r)];
        return c == masterColumn ? result : c == leadColumn ? Place{} : Place{node.node, withColumn(node.entry, c)};
    };
    Grid& grid = cells(spec, static_cast<int>(rows.size()), m_graph->columns(*spec.nodes.front()), places);
    for (const Node* node : spec.nodes) grid.rowLabels.push_back(labelOf(node));
    grid.masterLabel = joinedLabels(spec.results);
    labelColumns(grid, spec.nodes.front()->letters.back(), false);
}

void Layout::heads(const Spec& spec) {
    Node *node = spec.nodes.front(), *result = spec.results.front();
    claim(
        node, spec,
        [](Entry e) {
            return Cell{e.head, e.column};
        },
        "h");
    claim(
        result, spec,
        [](Entry e) {
            return Cell{e.head, masterColumn};
        },
        "h");
    const int count = m_graph->extent('h');
    const Entry at = node->inHand();
    const auto places = [=](int h, int c) -> Place {
        if (c >= 0) return {node, {h, at.row, c}};
        return c == masterColumn && result ? Place{result, {h, at.row, 0}} : Place{};
    };
    Grid& grid = cells(spec, count, m_graph->columns(*node), places);
    if (grid.title.empty() && count > 1) grid.title = labelOf(node);
    grid.rowLabels = count == 1 ? std::vector{labelOf(node)} : numbered(LAB_TEXT("explain", "head %1"), count);
    grid.masterLabel = labelOf(result);
    labelColumns(grid, node->letters.back(), false);
}

/// Where a tensor's part of the head in hand begins, if heads stand side by side in the slot; where that of a bottleneck's slot does.
int Layout::headOffset(const Node& node, int slot) const {
    const Context& c = m_graph->context();
    const std::string& letters = node.letters;
    const bool joint = slot == 2 ? letters.ends_with(')') : letters.find(')') + 2 == letters.size();
    if (!joint) return 0;
    if (letters.find("(i") != std::string::npos) return rowsOf(node).first;
    return (letters.find("(gp)") != std::string::npos ? c.head / c.group() : c.head) * c.headDim;
}

/// Where each query has rows of its own: those of the one in hand.
std::pair<int, int> Layout::rowsOf(const Node& weight) const {
    const std::size_t own = weight.letters.find("(i");
    if (own == std::string::npos) return {0, m_graph->rows(weight)};
    const int count = m_graph->extent(weight.letters[own + 2]);
    return {m_graph->context().query * count, count};
}

/// Rows that lead to a result; nodes: cells, lead.
Grid& Layout::results(const Spec& spec, int rows, int columns, const std::function<Place(int, int)>& places) {
    Node *result = spec.results.front(), *lead = spec.nodes.size() > 1 ? spec.nodes[1] : nullptr;
    const int first = lead ? headOffset(*lead, 2) : 0;
    claimResult(result, spec, [](Entry e) { return e.column; });
    const Entry ofResult = result ? result->inHand() : Entry{}, ofLead = lead ? lead->inHand() : Entry{};
    const auto all = [=](int r, int c) -> Place {
        if (c >= 0) return places(r, c);
        if (c == masterColumn) return {result, withColumn(ofResult, r)};
        return {lead, withColumn(ofLead, first + r)};
    };
    Grid& grid = cells(spec, rows, columns, all);
    const char of = result ? result->letters.back() : ' ';
    grid.rowLabels = numbered(of == 'r'                          ? LAB_TEXT("explain", "number %1")
                              : of == 'n'                        ? LAB_TEXT("explain", "feature %1")
                              : of == 'e'                        ? LAB_TEXT("explain", "expert %1")
                              : of != 'y'                        ? LAB_TEXT("explain", "dim %1")
                              : m_graph->context().is("numbers") ? LAB_TEXT("explain", "output %1")
                                                                 : LAB_TEXT("explain", "class %1"),
                              rows);
    if (result && result->letters.back() == 'y')
        for (std::size_t m = 0; m < std::min(grid.rowLabels.size(), m_graph->context().question.classNames.size()); ++m)
            grid.rowLabels[m] = "\u201C" + m_graph->context().question.classNames[m] + "\u201D";
    if (of == '.') grid.rowLabels = {labelOf(result)};
    grid.masterLabel = labelOf(result);
    grid.leadLabel = labelOf(lead);
    return grid;
}

/// The row that a matrix reads (forward: its columns) or that came back to what it gave (its rows).
Grid& Layout::readRow(const Spec& spec, Node& node, Node& weight, bool byRows) {
    const auto [first, rows] = rowsOf(weight);
    const int row = node.inHand().row, columns = byRows ? rows : m_graph->columns(weight);
    const auto entry = [graph = m_graph.get(), &node, &weight, byRows, row, first = first](int c) {
        Entry e = graph->translated(weight, byRows ? Entry{0, first + c, 0} : Entry{0, 0, c}, node.letters);
        e.row = row;
        return e;
    };
    Spec in{.kind = "lines", .id = spec.in};
    in.nodes = in.results = {nullptr};
    if (byRows)
        claim(
            &node, in,
            [graph = m_graph.get(), &node, &weight, first = first](Entry e) {
                return Cell{0, graph->translated(node, e, weight.letters).row - first};
            },
            "h");
    Grid& grid = cells(in, 1, columns, [&node, entry](int, int c) { return c < 0 ? Place{} : Place{&node, entry(c)}; });
    grid.rowLabels = {labelOf(&node)};
    labelColumns(grid, byRows ? 'm' : weight.letters.back(), true);
    if (const char of = node.letters.back(); byRows && (of == 'y' || of == 'r' || of == 'e')) labelColumns(grid, of, true);
    return grid;
}

/// Nodes: x, W, b, y.
void Layout::linear(const Spec& spec) {
    Node &weight = *spec.nodes[1], &result = *spec.nodes[3];
    const int first = headOffset(weight, 1), columns = m_graph->columns(weight);
    readRow(spec, *spec.nodes[0], weight, false);
    Spec matrix = spec;
    matrix.nodes = {&weight};
    if (spec.nodes[2]) matrix.nodes.push_back(spec.nodes[2]);
    matrix.results = {&result};
    if (matrix.nodes.size() > 1) matrix.results.push_back(nullptr);
    Grid& grid = results(matrix, m_graph->columns(result), columns, [&weight, first](int r, int c) {
        return Place{&weight, {0, first + r, c}};
    });
    grid.current = grid.matrix = true;
    const Context& c = m_graph->context();
    for (int p = 0; weight.letters.ends_with(')') && p < c.headDim; ++p) grid.litColumns.push_back(c.head * c.headDim + p);
    m_letter = weight.letters.back();
}

void Layout::transposed(const Spec& spec) {
    Node& result = *spec.nodes.front();
    const std::vector<Factor>& factors = result.products.front().factors;
    Node& weight = *factors[1].node;
    const int first = result.letters.ends_with('p') ? headOffset(weight, 2) : 0;
    const auto [firstRow, rows] = rowsOf(weight);
    readRow(spec, *factors[0].node, weight, true);
    Spec matrix = spec;
    matrix.nodes = {&weight};
    matrix.results = {&result};
    claim(&weight, matrix, [first, firstRow = firstRow](Entry e) { return Cell{e.column - first, e.row - firstRow}; });
    Grid& grid = results(matrix, m_graph->columns(result), rows, [&weight, first, firstRow = firstRow](int p, int m) {
        return Place{&weight, {0, firstRow + m, first + p}};
    });
    if (grid.title.empty()) grid.title = Message(LAB_TEXT("explain", "%1, transposed")).arg(labelOf(&weight));
    grid.current = grid.matrix = true;
    m_letter = ' ';
}

void Layout::matrix(const Spec& spec) {
    Node* node = spec.nodes.front();
    const bool across = spec.has("across");  // the node's columns downwards
    const int head = node->inHand().head, first = headOffset(*node, 1);
    const int rows = node->letters.front() == '(' ? m_graph->context().headDim : across ? m_graph->columns(*node) : m_graph->rows(*node);
    claim(
        node, spec,
        [=](Entry e) {
            return across ? Cell{e.column, e.row} : Cell{e.row - first, e.column};
        },
        across ? "i" : "");
    Grid& grid = results(spec, rows, across ? m_graph->rows(*node) : m_graph->columns(*node), [=](int r, int c) {
        return Place{node, across ? Entry{head, c, r} : Entry{head, first + r, c}};
    });
    labelColumns(grid, across ? 'i' : node->letters.back(), false);
    grid.matrix = !across || spec.results.front();
    if (node->letters.starts_with('e')) grid.rowLabels = numbered(LAB_TEXT("explain", "expert %1"), rows);
    if (spec.has("most")) m_stage.grids[m_stage.grids.size() - 2].litColumns = grid.litColumns = largestColumns(grid);
    const bool ofFeatures = node->letters.front() == 'n';
    if (ofFeatures) grid.rowLabels = numbered(LAB_TEXT("explain", "feature %1"), rows);
    if (!across && !ofFeatures) grid.columnsAre = LAB_TEXT("explain", "input dim");
}

void Layout::keys(const Spec& spec) {
    const Context& c = m_graph->context();
    Node* node = spec.nodes.front();
    Grid& grid = results(spec, m_graph->columns(*node), c.keys, [node, h = c.head](int p, int j) { return Place{node, {h, j, p}}; });
    grid.matrix = !m_stage.rowDesk && spec.results.front();
    labelColumns(grid, 'j', false);
}

void Layout::readers(const Spec& spec) {
    const Context& c = m_graph->context();
    Node* node = spec.nodes.front();
    const int count = c.group(), firstHead = c.head / count * count, queries = c.queries, key = c.key;
    const bool band = node->letters.ends_with('j');
    const auto at = [=](Entry e) { return (e.head - firstHead) * queries + e.row; };
    claim(
        node, spec,
        [=](Entry e) {
            return band ? Cell{0, at(e)} : Cell{e.column, at(e)};
        },
        "hi");
    const auto places = [=](int r, int k) { return k < 0 ? Place{} : Place{node, {firstHead + k / queries, k % queries, band ? key : r}}; };
    Grid& grid = band ? cells(spec, 1, count * queries, places) : results(spec, m_graph->columns(*node), count * queries, places);
    grid.matrix = !band;
    if (!band) return;
    grid.rowLabels = {labelOf(node)};
    grid.columnsAre = count == 1 ? LAB_TEXT("explain", "query i") : LAB_TEXT("explain", "head:query");
    for (int k = 0; k < grid.columns; ++k) {
        const auto query = static_cast<std::size_t>(k % queries);
        grid.columnLabels.push_back((count > 1 ? text(firstHead + k / queries) + ":" : "") + text(k % queries));
        grid.columnTokens.push_back(query < c.question.queryTokens.size() ? c.question.queryTokens[query] : "");
    }
}

void Layout::queries(const Spec& spec) {
    const Context& c = m_graph->context();
    Node* node = spec.nodes.front();
    const bool ofKey = node->letters.ends_with('j');
    const int dims = ofKey ? 1 : c.headDim, key = c.key;
    claim(
        node, spec,
        [=](Entry e) {
            return Cell{e.head * dims + (ofKey ? 0 : e.column), e.row};
        },
        "hi");
    Grid& grid = cells(spec, c.block.heads * dims, c.queries, [=](int r, int i) {
        return i < 0 ? Place{} : Place{node, {r / dims, i, ofKey ? key : r % dims}};
    });
    grid.rowLabels = numbered(LAB_TEXT("explain", "head %1"), c.block.heads);
    if (!ofKey) grid.rowLabels.clear();
    for (int r = 0; !ofKey && r < grid.rows; ++r) grid.rowLabels.emplace_back(text(r / dims) + ":" + text(r % dims));
    if (ofKey && c.block.heads == 1) grid.rowLabels = {labelOf(node)};
    if (ofKey && c.block.heads > 1 && grid.title.empty()) grid.title = labelOf(node);
    labelColumns(grid, 'i', false);
}

void Layout::vector(const Spec& spec) {
    Spec alone = spec;
    alone.results = {spec.nodes.front()};
    alone.nodes = {nullptr};
    results(alone, m_graph->columns(*spec.nodes.front()), 1, [](int, int) { return Place{}; });
}

void Layout::seen(const Spec& spec) {
    const Context& c = m_graph->context();
    const Node* node = spec.nodes.front();
    Grid& grid = cells(spec, c.queries, c.keys, [node, h = c.head](int i, int j) { return j < 0 ? Place{} : Place{node, {h, i, j}}; });
    grid.rowLabels = numbered(LAB_TEXT("explain", "query %1"), c.queries);
    grid.litRow = c.query;
}

}  // namespace lab::explain
