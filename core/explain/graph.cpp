#include "core/explain/graph.h"

#include <algorithm>
#include <cassert>
#include <cstdint>

namespace lab::explain {
namespace {

int& slotOf(Entry& e, int slot) {
    return slot == 0 ? e.head : slot == 1 ? e.row : e.column;
}

/// The slots of an entry that letters name, from the column on.
template <class Act>
void eachSlot(std::string_view letters, const Act& act) {
    int slot = 2;
    for (std::size_t end = letters.size(); end > 0; --slot) {
        const bool joint = letters[end - 1] == ')';
        const std::size_t first = joint ? letters.rfind('(', end - 1) : end - 1;
        act(slot, joint ? letters.substr(first + 1, end - first - 2) : letters.substr(first, 1));
        end = first;
    }
}

/// "#rc" by row and column, "^h" by the head; a column's index has the row, too, where `withRow`.
std::string indexed(const std::string& symbol, Entry e, bool withRow) {
    std::string name;
    for (std::size_t i = 0; i < symbol.size(); ++i) {
        const char next = i + 1 < symbol.size() ? symbol[i + 1] : ' ';
        if (symbol[i] == '^' && next == 'h') {
            name += "^{" + text(e.head) + "}";
            ++i;
        } else if (symbol[i] == '#') {
            std::string index = withRow && next == 'c' ? text(e.row) : "";
            for (; i + 1 < symbol.size() && std::string_view("hrc").find(symbol[i + 1]) != std::string::npos; ++i)
                index += (index.empty() ? "" : ",") + text(symbol[i + 1] == 'h' ? e.head : symbol[i + 1] == 'r' ? e.row : e.column);
            name = named(name, index);
        } else {
            name += symbol[i];
        }
    }
    return name;
}

}  // namespace

/// What the letters stand for while a number is computed; -1: nothing yet.
struct Graph::Index {
    Index() { values.fill(-1); }
    int& operator[](char letter) { return values[static_cast<std::size_t>(letter - 'a')]; }
    int operator[](char letter) const { return values[static_cast<std::size_t>(letter - 'a')]; }
    std::array<int, 26> values;
};

double Node::value(Entry e) const {
    return read ? read(e) : kept ? graph->kept(*this, e) : graph->compute(*this, e);
}

Words Node::nameOf(Entry e, bool withRow) const {
    if (name) return name(e);
    // A word stands before its index.
    if (!symbol.source().empty() && letters.ends_with('.')) return symbol;
    if (!symbol.source().empty()) return Message::joined({symbol, Words("_{" + text(e.column) + "}")}, "");
    return indexed(symbol.english(), e, withRow);
}

CellRef Node::cellOfSame(Entry e) const {
    const Factor& same = products.front().factors.front();
    return same.node->cell(graph->translated(*this, e, same.letters));
}

CellRef Node::cell(Entry e) const {
    if (nowhere && nowhere(e)) return {};
    if (elsewhere) return elsewhere(e);
    if (shown.stage.empty()) return isAlias() ? cellOfSame(e) : CellRef{};
    const Context& hand = graph->context();
    const auto [row, column] = shown.cell(e);
    CellRef cell{shown.stage, shown.grid, row, column};
    if (hand.reads()) return cellOfReading(e, cell);
    if (away)
        cell = {shown.stage, shown.grid, row, column, hand.query, hand.is("otherKeys") ? hand.key : -1, hand.question.block, hand.head};
    eachSlot(letters, [&](int slot, std::string_view at) {
        if (slot == 2 || at.size() > 1 || shown.spans.find(at) != std::string::npos) return;
        const int value = slotOf(e, slot);
        if ((at == "h" || at == "k") && (away || value != hand.head)) cell.head = value;
        if (at == "i" && value != hand.query) cell.query = value;
        if (at == "j" && (away || value != hand.key)) cell.key = value;
    });
    return moved ? moved(e, cell) : cell;
}

/// Opened in a cross-attention's walk: its key is the slot that reads, and one token is in hand there, whose key and value are opened.
/// Each head has a token of its own in hand.
CellRef Node::cellOfReading(Entry e, CellRef cell) const {
    const Context& hand = graph->context();
    int slot = hand.query, head = hand.head, token = -1;
    eachSlot(letters, [&](int at, std::string_view by) {
        if (at == 2 || by.size() > 1 || shown.spans.find(by) != std::string::npos) return;
        const int value = slotOf(e, at);
        if (by == "i") slot = value;
        if (by == "j") token = value;
        if (by == "h") head = value;
    });
    if (token >= 0 && (away || token != hand.tokenReadBy(head, slot))) return {};
    if (head != hand.head) cell.head = head;
    if (away || slot != hand.query) cell.key = slot;
    if (away) cell.query = 0, cell.block = hand.question.block;
    return cell;
}

Expression Node::explain(Entry e) const {
    if (!tensor.empty() && graph->context().setByHand(tensor)) return given(nameOf(e), value(e), LAB_TEXT("explain", "set by hand"));
    if (Words reason = why ? why(e) : Words(); !reason.empty()) return given(nameOf(e), value(e), reason);
    const auto noted = [&] { return note ? note(e) : Words(); };
    if (isAlias()) return sameAs(nameOf(e), {value(e), {}, cellOfSame(e)}, noted());
    if (products.empty() && !terms) return given(nameOf(e), value(e), noted());
    return {nameOf(e), operation, graph->terms(*this, e), value(e), epsilon, {}};
}

Entry Node::inHand() const {
    return graph->inHand(*this);
}

Words Say::with(const Variables& variables, std::string_view arguments) const {
    if (words.empty()) return filled(symbols, variables);
    Message message = words;
    for (std::size_t i = 0; i < arguments.size();) {
        const std::size_t end = std::min(arguments.find('|', i), arguments.size());
        message.arg(Message(filled(arguments.substr(i, end - i), variables)));
        i = end + 1;
    }
    return message;
}

Graph::Graph(ContextPtr context) : m_context(std::move(context)) {
    const Context& c = *m_context;
    const auto set = [this](char letter, int extent) { m_extents[static_cast<std::size_t>(letter - 'a')] = extent; };
    for (const auto& [letter, extent] :
         {std::pair{'h', c.block.heads}, {'g', c.block.kvHeads}, {'i', c.queries}, {'j', c.keys}, {'p', c.headDim}, {'c', c.d}, {'m', c.d}})
        set(letter, extent);
    if (!c.model) return;
    if (c.config().hasBottleneck()) {
        const BottleneckShape shape = c.config().bottleneck.shape();
        set('r', shape.width);
        set('b', shape.codes);
    }
    set('d', c.config().embedding_dim.value_or(c.d));
    set('f', *c.config().d_ff);
    set('u', c.config().input_dim.value_or(0));
    set('y', *c.config().num_classes);
    set('a', c.numbers.at("logits").extent(0));
    set('w', c.config().attention.pos_dim);
    set('n', c.config().attention.features);
    if (c.is("experts")) set('e', c.config().feed_forward.experts), set('z', c.config().feed_forward.top_k);
    if (c.is("halts")) set('t', c.layersOfSide());
    if (c.is("latent")) set('l', static_cast<int>(c.numbers.at(c.name(".latent")).extent(1)));
}

Entry Graph::inHand(const Node& node) const {
    Entry e;
    eachSlot(node.letters, [&](int slot, std::string_view letters) {
        const char letter = letters.front();
        const Context& c = *m_context;
        if (slot == 2 || letters.size() > 1) return;
        slotOf(e, slot) = letter == 'h' || letter == 'k' ? c.head
                          : letter == 'i'                ? c.query
                          : letter == 'j'                ? c.key
                          : letter == 'a'                ? c.answer
                                                         : 0;
    });
    return e;
}

Node& Graph::add(const std::string& name, Node node) {
    m_nodes.push_back(std::move(node));
    Node& added = m_nodes.back();
    added.graph = this;
    added.away = m_away;
    // A number that stands for a whole row is asked for by each of the row.
    added.kept = added.kept || added.letters.ends_with('.');
    const auto direct = [&](const Product& product) {
        return std::ranges::all_of(product.factors, [&](const Factor& f) { return f.letters == added.letters || f.letters == "."; });
    };
    added.elementwise =
        added.operation == Operation::sum && !added.terms && !added.products.empty() && std::ranges::all_of(added.products, direct);
    if (added.isAlias() && !added.read && direct(added.products.front()))
        added.read = [same = added.products.front().factors.front().node](Entry e) { return same->value(e); };
    else if (added.isAlias() && !added.read)
        added.read = [this, &added, same = added.products.front().factors.front()](Entry e) {
            return same.node->value(translated(added, e, same.letters));
        };
    m_names[name] = &added;
    return added;
}

void Graph::adopt(const Graph& other, std::string_view prefix) {
    for (const auto& [name, node] : other.m_names)
        if (name.starts_with(prefix)) m_names[name] = node;
}

Node* Graph::find(std::string_view name) const {
    const auto found = m_names.find(name);
    return found == m_names.end() ? nullptr : found->second;
}

Node& Graph::at(std::string_view name) const {
    Node* node = find(name);
    assert(node);
    return *node;
}

int Graph::count(const Node& node, int ofSlot) const {
    int count = 1;
    eachSlot(node.letters, [&](int slot, std::string_view letters) {
        if (slot == ofSlot && letters != ".")
            for (const char letter : letters) count *= extent(letter);
    });
    return count;
}

int Graph::valueOf(char letter, const Index& index) const {
    if (letter == '.') return 0;
    if (letter == 'g' && index['h'] >= 0) return index['h'] / (m_context->group());
    return index[letter];
}

Entry Graph::entryOf(std::string_view letters, const Index& index) const {
    Entry e;
    eachSlot(letters, [&](int slot, std::string_view at) {
        int value = 0;
        for (const char letter : at) value = (at.size() > 1 ? value * extent(letter) : 0) + valueOf(letter, index);
        slotOf(e, slot) = value;
    });
    return e;
}

void Graph::assign(std::string_view letters, Entry e, Index& index) const {
    eachSlot(letters, [&](int slot, std::string_view at) {
        int value = slotOf(e, slot);
        for (std::size_t l = at.size(); l-- > 0; value /= std::max(extent(at[l]), 1))
            if (at[l] != '.') index[at[l]] = l > 0 ? value % extent(at[l]) : value;
    });
}

Entry Graph::translated(const Node& node, Entry e, const std::string& letters) const {
    Index index;
    assign(node.letters, e, index);
    return entryOf(letters, index);
}

std::pair<int, int> Graph::range(char letter, const Index& index) const {
    if (letter != 'h' || index['k'] < 0) return {0, extent(letter)};
    const int size = m_context->group(), first = index['k'] / size * size;
    return {first, first + size};
}

/// The letters that are summed over, heads first: other indices may follow from them.
std::string Graph::open(const Product& product, const Index& index) const {
    std::string letters;
    for (const Factor& factor : product.factors)
        for (const char letter : factor.letters)
            if (letter >= 'a' && letter != 'g' && index[letter] < 0 && letters.find(letter) == std::string::npos)
                letters.insert(letter == 'h' ? 0 : letters.size(), 1, letter);
    return letters;
}

/// act(entries of the factors) for each term.
template <class Act>
void Graph::eachTerm(const Product& product, Index& index, std::string_view open, const Act& act) const {
    const auto entries = [&] {
        std::vector<Entry> at;
        for (const Factor& factor : product.factors) at.push_back(entryOf(factor.letters, index));
        return at;
    };
    if (open.empty()) return act(entries());
    const auto [first, last] = range(open.front(), index);
    if (open.size() > 1 || open.front() == 'h' || last - first < 2) {
        for (int k = first; k < last; ++k) {
            index[open.front()] = k;
            eachTerm(product, index, open.substr(1), act);
        }
    } else {
        // The last letter moves every factor by equal steps.
        index[open.front()] = first;
        std::vector<Entry> at = entries();
        index[open.front()] = first + 1;
        std::vector<Entry> by = entries();
        for (std::size_t f = 0; f < at.size(); ++f) by[f] = {by[f].head - at[f].head, by[f].row - at[f].row, by[f].column - at[f].column};
        for (int k = first; k < last; ++k) {
            act(at);
            for (std::size_t f = 0; f < at.size(); ++f)
                at[f] = {at[f].head + by[f].head, at[f].row + by[f].row, at[f].column + by[f].column};
        }
    }
    index[open.front()] = -1;
}

double Graph::compute(const Node& node, Entry e) const {
    if (node.elementwise) {
        double sum = 0.0;
        for (const Product& product : node.products) {
            double value = product.minus ? -1.0 : 1.0;
            for (const Factor& factor : product.factors) value *= factor.node->value(factor.letters == "." ? Entry{} : e);
            sum += value;
        }
        return sum;
    }
    std::vector<double> values;
    if (node.terms) {
        for (const Term& term : node.terms(e)) values.push_back(term.value());
        return apply(node.operation, values, node.epsilon);
    }
    Index index;
    assign(node.letters, e, index);
    for (const Product& product : node.products)
        eachTerm(product, index, open(product, index), [&](const std::vector<Entry>& at) {
            double value = product.minus ? -1.0 : 1.0;
            for (std::size_t f = 0; f < at.size(); ++f) value *= product.factors[f].node->value(at[f]);
            values.push_back(value);
        });
    return apply(node.operation, values, node.epsilon);
}

/// All columns of a row at once: factors that do not depend on the column are multiplied once, and nothing is added where they are 0.
std::vector<double> Graph::rowOf(const Node& node, Entry e) const {
    std::vector<double> row(static_cast<std::size_t>(columns(node)), 0.0);
    const char column = node.letters.back();
    if (node.operation != Operation::sum || node.terms || column == ')' || column == '.') {
        for (std::size_t c = 0; c < row.size(); ++c) row[c] = compute(node, {e.head, e.row, static_cast<int>(c)});
        return row;
    }
    Index index;
    assign(node.letters, {e.head, e.row, 0}, index);
    for (const Product& product : node.products) addRow(product, index, column, row);
    return row;
}

void Graph::addRow(const Product& product, Index& index, char column, std::vector<double>& row) const {
    std::vector<std::size_t> fixed, moving;
    std::vector<Entry> by;  // from one column to the next
    Index next = index;
    next[column] = 1;
    for (std::size_t f = 0; f < product.factors.size(); ++f) {
        const std::string& letters = product.factors[f].letters;
        const bool moves = letters.find(column) != std::string::npos;
        (moves ? moving : fixed).push_back(f);
        const Entry from = entryOf(letters, index), to = entryOf(letters, next);
        by.push_back({to.head - from.head, to.row - from.row, to.column - from.column});
    }
    eachTerm(product, index, open(product, index), [&](const std::vector<Entry>& at) {
        double factor = product.minus ? -1.0 : 1.0;
        for (const std::size_t f : fixed) factor *= product.factors[f].node->value(at[f]);
        if (factor == 0.0) return;
        const std::size_t only = moving.empty() ? 0 : moving.front();
        if (const ParameterView& raw = product.factors[only].node->raw; moving.size() == 1 && raw) {
            const float* values = raw.values + std::ptrdiff_t{at[only].row} * raw.columns + at[only].column;
            const std::ptrdiff_t stride = std::ptrdiff_t{by[only].row} * raw.columns + by[only].column;
            for (std::size_t c = 0; c < row.size(); ++c, values += stride) row[c] += factor * static_cast<double>(*values);
            return;
        }
        for (int c = 0; c < static_cast<int>(row.size()); ++c) {
            double value = factor;
            for (const std::size_t f : moving)
                value *= product.factors[f].node->value(
                    {at[f].head + c * by[f].head, at[f].row + c * by[f].row, at[f].column + c * by[f].column});
            row[static_cast<std::size_t>(c)] += value;
        }
    });
}

double Graph::kept(const Node& node, Entry e) const {
    const std::pair key{&node, std::pair{e.head, e.row}};
    const auto column = static_cast<std::size_t>(e.column);
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_kept.find(key); found != m_kept.end()) return found->second[column];
    }
    std::vector<double> row = rowOf(node, e);
    const std::lock_guard lock(m_mutex);
    return m_kept.emplace(key, std::move(row)).first->second[column];
}

/// What is shown nowhere is written out by its own products.
std::vector<Product> Graph::written(const Product& product) const {
    for (std::size_t f = 0; f < product.factors.size(); ++f) {
        const Node& node = *product.factors[f].node;
        const bool shown = !node.shown.stage.empty() || node.elsewhere || node.letters != product.factors[f].letters;
        if (shown || node.operation != Operation::sum || node.products.empty() || node.read) continue;
        std::vector<Product> all;
        for (const Product& inner : node.products) {
            Product one = product;
            const auto at = one.factors.erase(one.factors.begin() + static_cast<std::ptrdiff_t>(f));
            one.factors.insert(at, inner.factors.begin(), inner.factors.end());
            one.minus = one.minus != inner.minus;
            for (Product& whole : written(one)) all.push_back(std::move(whole));
        }
        return all;
    }
    return {product};
}

std::vector<Term> Graph::terms(const Node& node, Entry e) const {
    if (node.terms) return node.terms(e);
    std::vector<Term> terms;
    Index index;
    assign(node.letters, e, index);
    for (const Product& whole : node.products)
        for (const Product& product : node.operation == Operation::sum ? written(whole) : std::vector{whole}) {
            const std::string summed = open(product, index);
            eachTerm(product, index, summed, [&](const std::vector<Entry>& at) {
                Term term{{}, product.minus};
                for (std::size_t f = 0; f < at.size(); ++f)
                    if (const Node& factor = *product.factors[f].node; factor.absent && factor.absent(at[f])) return;
                for (std::size_t f = 0; f < at.size(); ++f) term.factors.push_back(operand(product.factors[f], at[f], summed));
                // What is 0 for a reason of its own takes no part.
                const Node& first = *product.factors.front().node;
                if (summed.empty() || at.size() > 1 || term.value() != 0.0 || !first.why || first.why(at.front()).empty())
                    terms.push_back(std::move(term));
            });
        }
    return terms;
}

/// Its name says the row where the sum goes over rows.
Operand Graph::operand(const Factor& factor, Entry e, const std::string& summed) const {
    const Node& node = *factor.node;
    const char row = factor.letters.size() > 1 ? factor.letters[factor.letters.size() - 2] : '.';
    return node(e, summed.find(row) != std::string::npos);
}

}  // namespace lab::explain
