#include "core/learn/expression.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <numeric>

#include "core/base/errors.h"

namespace lab {
namespace {

constexpr int deepest = 64;              // of what stands in something else
constexpr int mostSteps = 500'000;       // atoms of one calculation, those within sums over and over
constexpr double widestRange = 100'000;  // of what runs from .. to
constexpr double largestIndex = 1e15;    // doubles beyond 2^53 know no next one

/// A number, a word, or a list of numbers or lists.
struct Value {
    double number = 0.0;
    std::vector<Value> items = {};
    bool isList = false;
    std::optional<std::string> word = {};

    static Value list(std::vector<Value> of) { return {0.0, std::move(of), true, {}}; }
    static Value truth(bool is) { return {is ? 1.0 : 0.0}; }
};

/// Calculates while it reads; what runs over an index is read again for each of its values.
class Calculation {
public:
    /// Without facts every name is 1, whatever its indices: only the form is looked at.
    Calculation(std::string_view text, const Facts* facts) : m_text(text), m_facts(facts) {}

    Value result() {
        Value value = either();
        if (peek() != '\0') refuse();
        return value;
    }
    bool asksStream() const { return m_asksStream; }
    double number(const Value& value) const {
        if (value.isList || value.word) refuse();
        return value.number;
    }
    std::vector<double> numbers(const Value& list) const {
        if (!list.isList || list.items.empty()) refuse();
        std::vector<double> all;
        for (const Value& item : list.items) all.push_back(number(item));
        return all;
    }

private:
    char peek() {
        while (m_at < m_text.size() && m_text[m_at] == ' ') ++m_at;
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    bool take(std::string_view wanted) {
        peek();
        if (!m_text.substr(m_at).starts_with(wanted)) return false;
        m_at += wanted.size();
        return true;
    }
    bool takeWord(std::string_view wanted) {
        const std::size_t before = m_at;
        if (name() == wanted) return true;
        m_at = before;
        return false;
    }
    static bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
    static bool isDigit(char c) { return c >= '0' && c <= '9'; }
    char at(std::size_t place) const { return place < m_text.size() ? m_text[place] : '\0'; }

    /// "model.num_heads", "encoder.0.attention.weights"; empty when none stands here.
    std::string_view name() {
        peek();
        const std::size_t begin = m_at;
        if (!isLetter(at(m_at))) return {};
        const auto inside = [this](std::size_t place) { return isLetter(at(place)) || isDigit(at(place)); };
        while (inside(m_at) || (at(m_at) == '.' && inside(m_at + 1))) ++m_at;
        return m_text.substr(begin, m_at - begin);
    }
    [[noreturn]] void refuse() const {
        throw InputError(std::string(m_text), Message(LAB_TEXT("learn", "not understood at character %1")).arg(m_at + 1));
    }
    [[noreturn]] void refuse(std::string_view thing, const Message& why) const {
        throw InputError(std::string(m_text), located(std::string(thing), why));
    }

    Value either() {
        Value left = both();
        while (takeWord("or")) {
            const bool right = number(both()) != 0;
            left = Value::truth(number(left) != 0 || right);
        }
        return left;
    }
    Value both() {
        Value left = denied();
        while (takeWord("and")) {
            const bool right = number(denied()) != 0;
            left = Value::truth(number(left) != 0 && right);
        }
        return left;
    }
    Value denied() {
        if (!takeWord("not")) return compared();
        const Deeper deeper(*this);
        return Value::truth(number(denied()) == 0);
    }
    Value compared() {
        Value left = sum();
        for (const std::string_view sign : {"<=", ">=", "==", "!=", "<", ">"}) {
            if (!take(sign)) continue;
            return Value::truth(holds(left, sign, sum()));
        }
        return left;
    }
    bool holds(const Value& left, std::string_view sign, const Value& right) const {
        if (left.word || right.word) {
            if (sign != "==" && sign != "!=") refuse();
            if (m_facts && (!left.word || !right.word)) refuse();
            return (left.word == right.word) == (sign == "==");
        }
        const double a = number(left), b = number(right);
        if (sign == "<=") return a <= b;
        if (sign == ">=") return a >= b;
        if (sign == "==") return a == b;
        if (sign == "!=") return a != b;
        return sign == "<" ? a < b : a > b;
    }
    Value sum() {
        Value left = product();
        while (true) {
            const char sign = peek();
            if (sign != '+' && sign != '-') return left;
            ++m_at;
            const double right = number(product());
            left = {number(left) + (sign == '+' ? right : -right)};
        }
    }
    Value product() {
        Value left = power();
        while (true) {
            const char sign = peek();
            if (sign != '*' && sign != '/') return left;
            ++m_at;
            const double right = number(power());
            left = {sign == '*' ? number(left) * right : number(left) / right};
        }
    }
    struct Deeper {
        explicit Deeper(Calculation& in) : of(in) {
            if (++of.m_depth > deepest || ++of.m_steps > mostSteps) of.refuse();
        }
        ~Deeper() { --of.m_depth; }
        Calculation& of;
    };
    /// Everything that stands in something else passes here.
    Value power() {
        const Deeper deeper(*this);
        if (take("-")) return {-number(power())};
        Value value = item();
        if (take("^")) return {std::pow(number(value), number(power()))};
        return value;
    }
    /// An atom, or one of a list's items.
    Value item() {
        Value value = atom();
        while (take("[")) {
            do value = taken(value, number(sum()));
            while (take(","));
            if (!take("]")) refuse();
        }
        return value;
    }
    Value taken(const Value& list, double index) const {
        if (!m_facts) return {1.0};
        if (!list.isList) refuse();
        if (index < 0 || index >= static_cast<double>(list.items.size()) || index != std::floor(index))
            refuse(numberOf(index), Message(LAB_TEXT("learn", "no index of %1 items")).arg(list.items.size()));
        return list.items[static_cast<std::size_t>(index)];
    }
    static std::string numberOf(double value) {
        return value == std::floor(value) && std::abs(value) < 1e9 ? std::to_string(static_cast<long>(value)) : std::to_string(value);
    }
    Value atom() {
        const char c = peek();
        if (c == '(') return inParentheses();
        if (isDigit(c) || c == '.') return {plainNumber()};
        if (c == '"') return quoted();
        if (isLetter(c)) return named();
        refuse();
    }
    double plainNumber() {
        std::size_t end = m_at;
        while (isDigit(at(end))) ++end;
        if (at(end) == '.' && isDigit(at(end + 1)))
            for (++end; isDigit(at(end));) ++end;
        if (at(end) == 'e' && (isDigit(at(end + 1)) || (at(end + 1) == '-' && isDigit(at(end + 2)))))
            for (end += 2; isDigit(at(end));) ++end;
        double value = 0.0;
        const auto [stop, error] = std::from_chars(m_text.data() + m_at, m_text.data() + end, value);
        if (error != std::errc() || stop != m_text.data() + end) refuse();
        m_at = end;
        return value;
    }
    Value quoted() {
        const std::size_t end = m_text.find('"', m_at + 1);
        if (end == m_text.npos) refuse();
        Value value;
        value.word = std::string(m_text.substr(m_at + 1, end - m_at - 1));
        m_at = end + 1;
        return value;
    }
    /// (a) is a; (a, b) is a list.
    Value inParentheses() {
        if (!take("(")) refuse();
        std::vector<Value> items;
        do items.push_back(either());
        while (take(","));
        if (!take(")")) refuse();
        return items.size() == 1 ? items.front() : Value::list(std::move(items));
    }
    Value named() {
        const std::string_view called = name();
        if (peek() == '(') return runs() ? over(called) : applied(called, inParentheses());
        if (called == "pi") return {std::numbers::pi};
        for (auto index = m_indices.rbegin(); index != m_indices.rend(); ++index)
            if (index->first == called) return {index->second};
        if (!m_facts) return {1.0};
        if (const auto value = m_facts->number(called)) return {*value};
        if (auto word = m_facts->word(called)) return {0.0, {}, false, std::move(word)};
        if (const auto tensor = m_facts->tensor(called)) return ofTensor(*tensor);
        refuse(called, LAB_TEXT("learn", "there is no such value here"));
    }
    /// A tensor at the indices that follow it; with fewer than it has dimensions it is a list.
    Value ofTensor(const Facts::Tensor& tensor) {
        std::size_t offset = 0, dimension = 0;
        while (take("[")) {
            do {
                const double index = number(sum());
                if (dimension == tensor.shape.size()) refuse();
                const std::int64_t size = tensor.shape[dimension++];
                if (index < 0 || index >= static_cast<double>(size) || index != std::floor(index))
                    refuse(numberOf(index), Message(LAB_TEXT("learn", "no index of %1 items")).arg(size));
                offset = offset * static_cast<std::size_t>(size) + static_cast<std::size_t>(index);
            } while (take(","));
            if (!take("]")) refuse();
        }
        return rest(tensor, dimension, offset);
    }
    Value rest(const Facts::Tensor& tensor, std::size_t dimension, std::size_t offset) {
        if (++m_steps > mostSteps) refuse();
        if (dimension == tensor.shape.size()) return {static_cast<double>(tensor.values[offset])};
        const auto size = static_cast<std::size_t>(tensor.shape[dimension]);
        std::vector<Value> items;
        for (std::size_t i = 0; i < size; ++i) items.push_back(rest(tensor, dimension + 1, offset * size + i));
        return Value::list(std::move(items));
    }

    /// Whether what stands in the parentheses begins with "i =".
    bool runs() {
        const std::size_t before = m_at;
        const bool found = take("(") && !name().empty() && peek() == '=' && at(m_at + 1) != '=';
        m_at = before;
        return found;
    }
    /// (i = from..to, body)
    Value over(std::string_view function) {
        const Deeper deeper(*this);
        take("(");
        const std::string_view index = name();
        take("=");
        const double from = number(sum());
        if (!take("..")) refuse();
        const double to = number(sum());
        if (!take(",")) refuse();
        const bool isRange = from == std::floor(from) && to == std::floor(to) && std::abs(from) <= largestIndex && from <= to;
        if (m_facts && (!isRange || to - from >= widestRange)) refuse();
        const auto count = m_facts ? static_cast<int>(to - from) + 1 : 1;
        std::vector<Value> items;
        const std::size_t body = m_at;
        for (int i = 0; i < count; ++i) {
            m_at = body;
            m_indices.emplace_back(index, from + i);
            items.push_back(either());
            m_indices.pop_back();
        }
        if (!take(")")) refuse();
        return joined(function, Value::list(std::move(items)));
    }
    Value joined(std::string_view function, const Value& items) {
        if (function == "list") return items;
        const auto trueOnes = [&] { return std::ranges::count_if(numbers(items), [](double value) { return value != 0; }); };
        if (function == "all") return Value::truth(trueOnes() == static_cast<std::ptrdiff_t>(items.items.size()));
        if (function == "any") return Value::truth(trueOnes() > 0);
        if (function == "count") return {static_cast<double>(trueOnes())};
        return applied(function, items);
    }

    using OfOne = double (*)(double);
    Value applied(std::string_view function, const Value& to) {
        if (const auto ofStream = fromName<StreamFunction>(function)) return {askedOfStream(*ofStream, to)};
        static const std::map<std::string_view, OfOne> ofOne = {
            {"exp", [](double x) { return std::exp(x); }},     {"ln", [](double x) { return std::log(x); }},
            {"sqrt", [](double x) { return std::sqrt(x); }},   {"cos", [](double x) { return std::cos(x); }},
            {"sin", [](double x) { return std::sin(x); }},     {"abs", [](double x) { return std::abs(x); }},
            {"round", [](double x) { return std::round(x); }}, {"floor", [](double x) { return std::floor(x); }}};
        if (const auto found = ofOne.find(function); found != ofOne.end()) return {found->second(number(to))};
        if (function == "dot" || function == "cosine") return {dotOrCosine(function, to)};
        const bool known = function == "sum" || function == "mean" || function == "max" || function == "min" || function == "argmax" ||
                           function == "softmax";
        if (!known) refuse(function, LAB_TEXT("learn", "there is no such function"));
        if (!m_facts && !to.isList) return {1.0};  // what a name stands for may be a list
        const std::vector<double> all = numbers(to);
        const double total = std::accumulate(all.begin(), all.end(), 0.0);
        if (function == "sum") return {total};
        if (function == "mean") return {total / static_cast<double>(all.size())};
        if (function == "max") return {*std::ranges::max_element(all)};
        if (function == "min") return {*std::ranges::min_element(all)};
        if (function == "argmax") return {static_cast<double>(std::ranges::max_element(all) - all.begin())};
        return softmax(all);
    }
    double askedOfStream(StreamFunction function, const Value& to) {
        const StreamFunctionSpec& spec = specOf(function);
        const std::vector<Value> given = to.isList ? to.items : std::vector{to};
        m_asksStream = true;
        if (!spec.takes(given.size())) refuse(spec.name, Message(LAB_TEXT("learn", "takes %1")).arg(std::string(spec.arguments)));
        if (!m_facts) return 1.0;
        std::vector<Facts::Argument> arguments;
        for (const Value& each : given) {
            if (each.isList) refuse();
            arguments.push_back(each.word ? Facts::Argument(*each.word) : Facts::Argument(each.number));
        }
        if (const auto value = m_facts->ofStream(function, arguments)) return *value;
        refuse(spec.name, LAB_TEXT("learn", "there is no stream to be read here"));
    }
    double dotOrCosine(std::string_view function, const Value& pair) const {
        if (!pair.isList || pair.items.size() != 2) refuse();
        if (!m_facts) return 1.0;
        const std::vector<double> a = numbers(pair.items[0]), b = numbers(pair.items[1]);
        if (a.size() != b.size()) refuse();
        const double dot = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
        if (function == "dot") return dot;
        return dot /
               std::sqrt(std::inner_product(a.begin(), a.end(), a.begin(), 0.0) * std::inner_product(b.begin(), b.end(), b.begin(), 0.0));
    }
    static Value softmax(const std::vector<double>& scores) {
        const double largest = *std::ranges::max_element(scores);
        double total = 0.0;
        for (const double score : scores) total += std::exp(score - largest);
        std::vector<Value> weights;
        for (const double score : scores) weights.push_back({std::exp(score - largest) / total});
        return Value::list(std::move(weights));
    }

    std::string_view m_text;
    const Facts* m_facts;
    bool m_asksStream = false;
    std::vector<std::pair<std::string_view, double>> m_indices;
    std::size_t m_at = 0;
    int m_depth = 0, m_steps = 0;
};

}  // namespace

double calculated(std::string_view expression, const Facts& facts) {
    Calculation calculation(expression, &facts);
    return calculation.number(calculation.result());
}

std::vector<double> calculatedList(std::string_view expression, const Facts& facts) {
    Calculation calculation(expression, &facts);
    return calculation.numbers(calculation.result());
}

void checkExpression(std::string_view expression) {
    Calculation(expression, nullptr).result();
}

bool asksStream(std::string_view expression) {
    Calculation calculation(expression, nullptr);
    calculation.result();
    return calculation.asksStream();
}

}  // namespace lab
