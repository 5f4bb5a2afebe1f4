// Nodes from the rows of a table.

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>
#include <sstream>

#include "core/explain/graph.h"

namespace lab::explain {
namespace {

constexpr std::pair<std::string_view, Operation> operations[] = {
    {"same", Operation::given},
    {"quotient", Operation::quotient},
    {"exp", Operation::exponential},
    {"maximum", Operation::maximum},
    {"mean", Operation::mean},
    {"deviation", Operation::deviation},
    {"log", Operation::negativeLog},
    {"squareRoot", Operation::root},
    {"relu", Operation::relu},
    {"gelu", Operation::gelu},
    {"tanh", Operation::geluTanh},
    {"swiglu", Operation::siluProduct},
    {"phi", Operation::eluPlusOne},
    {"phiSlope", Operation::eluSlope},
    {"silu", Operation::silu},
    {"reluSlope", Operation::reluSlope},
    {"geluSlope", Operation::geluSlope},
    {"tanhSlope", Operation::geluTanhSlope},
    {"siluSlope", Operation::siluSlope},
    {"th", Operation::hyperbolicTangent},
    {"logistic", Operation::logistic},
    {"power", Operation::power},
    {"quick", Operation::quickGelu},
    {"squared", Operation::reluSquared},
    {"quickSlope", Operation::quickGeluSlope},
    {"squaredSlope", Operation::reluSquaredSlope},
};

std::int64_t placeIn(const NumberView& view, int group, int first, Entry e) {
    const bool heads = view.rank() == 3, matrix = view.rank() > 1;
    const std::int64_t rows = heads ? view.extent(1) : 0, columns = matrix ? view.extent(heads ? 2 : 1) : 0;
    return (e.head / group * rows + e.row) * columns + first + e.column;
}

}  // namespace

/// Heads share those of a tensor that has fewer.
Node Graph::traced(Node node, const std::string& tensor) const {
    const bool skips = tensor.ends_with('+');
    node.tensor = skips ? tensor.substr(0, tensor.size() - 1) : tensor;
    const NumberView view = m_context->numbers.at(node.tensor);
    const int group = view.rank() == 3 ? extent('h') / view.extent(0) : 1, first = skips ? extent('f') : 0;
    node.place = [=](Entry e) { return placeIn(view, group, first, e); };
    // Of the first queries alone: the others have none.
    const auto rows = view.rank() == 3 ? view.extent(1) : std::numeric_limits<std::int64_t>::max();
    node.read = [=](Entry e) { return e.row < rows ? view[placeIn(view, group, first, e)] : 0.0; };
    return node;
}

Node Graph::parameter(Node node, const ParameterView& view) const {
    const bool matrix = view.columns > 1;
    node.parameter = true;
    if (matrix) node.raw = view;
    node.read = [view, matrix](Entry e) { return matrix ? view(e.row, e.column) : view(e.column); };
    const bool bias = node.symbol == Words("b#c");
    node.note = [bias](Entry) { return bias ? LAB_TEXT("explain", "a trained bias") : LAB_TEXT("explain", "a trained weight"); };
    return node;
}

/// What comes back to factor `of` of a node.
std::vector<Product> Graph::through(Node& node, Node& gradient, const Node& of) {
    std::vector<Product> found;
    for (const Product& product : node.products)
        for (std::size_t f = 0; f < product.factors.size(); ++f) {
            if (product.factors[f].node != &of) continue;
            Product back{{{&gradient, node.letters}}, product.minus};
            for (std::size_t other = 0; other < product.factors.size(); ++other) {
                if (other == f) continue;
                back.factors.push_back(product.factors[other]);
                // A parameter is laid out anew on the way back.
                if (Node& factor = *back.factors.back().node; factor.parameter) back.factors.back().node = &add({}, factor);
            }
            found.push_back(std::move(back));
        }
    return found;
}

/// "joined W_O + b_O", "back y dy x"
void Graph::parse(Node& node, const std::string& rule) {
    std::istringstream words(rule);
    Product product;
    std::vector<Product> cut;  // nothing comes back through what is set by hand
    bool missing = false;
    const auto finish = [&](bool minus) {
        if (!product.factors.empty() && !missing) node.products.push_back(std::move(product));
        product = {{}, minus};
        missing = false;
    };
    for (std::string word; words >> word;) {
        const auto operation = std::ranges::find(operations, word, &std::pair<std::string_view, Operation>::first);
        if (operation != std::end(operations)) {
            node.operation = operation->second;
        } else if (word == "back") {
            std::string y, dy, x;
            words >> y >> dy >> x;
            if (!find(y) || !find(dy) || !find(x)) continue;
            const bool set = !at(y).tensor.empty() && m_context->setByHand(at(y).tensor);
            for (Product& back : through(at(y), at(dy), at(x))) (set ? cut : node.products).push_back(std::move(back));
        } else if (word == "+" || word == "-" || word == ";") {
            finish(word == "-");
        } else {
            const std::size_t colon = std::min(word.find(':'), word.size());
            Node* factor = find(word.substr(0, colon));
            missing = missing || !factor;
            if (factor) product.factors.push_back({factor, colon < word.size() ? word.substr(colon + 1) : factor->letters});
        }
    }
    finish(false);
    if (cut.empty() || !node.products.empty()) return;
    node.products = std::move(cut);
    node.read = [](Entry) { return 0.0; };
    node.why = [](Entry) { return LAB_TEXT("explain", "0: what it made is set by hand, so nothing comes back through that"); };
}

void Graph::defineOne(const NodeRow& row, const Variables& variables) {
    const std::string rule = filled(row.rule, variables).english();
    std::istringstream words(rule);
    std::string name, letters, tensor;
    words >> name >> letters;
    if (letters == ":=") {
        words >> tensor;
        if (Node* same = find(tensor)) m_names[name] = same;
        return;
    }
    assert(std::ranges::find(operations, name, &std::pair<std::string_view, Operation>::first) == std::end(operations));
    Node node{.symbol = row.symbol.with(variables)};
    for (; letters.ends_with('!') || letters.ends_with('*'); letters.pop_back()) (letters.back() == '!' ? node.kept : node.inFull) = true;
    node.letters = letters;
    node.label = row.label.with(variables);
    std::size_t equals = rule.find(" = ");
    words >> tensor;
    if (tensor == "=") tensor.clear();
    const std::string plain = tensor.substr(0, tensor.find('+'));
    const ParameterView view = m_context->parameter(tensor);
    if (!rule.ends_with(" custom")) node.summed = m_context->sumOfSteps(tensor);
    node.kept = node.kept || !node.summed.empty();
    const bool there = !plain.empty() && !view && node.summed.empty() && m_context->numbers.has(plain);
    if (equals == std::string::npos && !view && !there) return;  // not in this form
    if (equals != std::string::npos) parse(node, rule.substr(equals + 3));
    if (equals != std::string::npos && node.products.empty() && !rule.ends_with(" custom")) return;  // of nodes that are not there
    if (view)
        add(name, parameter(std::move(node), view));
    else
        add(name, there ? traced(std::move(node), tensor) : std::move(node));
}

void Graph::define(std::span<const NodeRow> rows, const Variables& more) {
    Variables variables = m_context->variables;
    for (const auto& [name, words] : more) variables[name] = words;
    for (const NodeRow& row : rows)
        if (m_context->is(row.when)) defineOne(row, variables);
}

}  // namespace lab::explain
