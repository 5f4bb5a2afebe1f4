// Words and terms that all walks are written with.

#include "core/explain/context.h"

namespace lab::explain {

Words filled(std::string_view symbols, const Variables& variables) {
    std::vector<Message> parts;
    std::string plain;
    const auto flush = [&] {
        if (!plain.empty()) parts.push_back(Message::verbatim(std::exchange(plain, {})));
    };
    for (std::size_t i = 0; i < symbols.size();) {
        if (symbols[i] != '$') {
            plain += symbols[i++];
            continue;
        }
        const bool braced = symbols[i + 1] == '{';
        const std::size_t first = i + (braced ? 2 : 1);
        std::size_t last = first;
        while (last < symbols.size() && std::isalpha(static_cast<unsigned char>(symbols[last]))) ++last;
        const auto found = variables.find(symbols.substr(first, last - first));
        assert(found != variables.end());
        i = last + (braced ? 1 : 0);
        if (found->second.isVerbatim() && found->second.arguments().empty()) {
            plain += found->second.english();
        } else {
            flush();
            parts.push_back(found->second);
        }
    }
    if (parts.empty()) return plain;
    flush();
    return Message::joined(std::move(parts), "");
}

std::string named(const std::string& symbol, const std::string& index) {
    const std::size_t subscript = symbol.rfind("_{");
    const bool joins = subscript != std::string::npos && symbol.find('}', subscript) == symbol.size() - 1;
    return joins ? symbol.substr(0, symbol.size() - 1) + " " + index + "}" : symbol + "_{" + index + "}";
}

std::string text(int number) {
    return std::to_string(number);
}

Term product(Operand a, Operand b) {
    return {{std::move(a), std::move(b)}, false};
}

Term single(Operand a) {
    return {{std::move(a)}, false};
}

Expression sumOf(Words name, std::vector<Term> terms, double result) {
    return {std::move(name), Operation::sum, std::move(terms), result, 0.0, {}};
}

Expression sameAs(Words name, Operand origin, Words note) {
    Expression e{std::move(name), Operation::given, {}, origin.value, 0.0, std::move(note)};
    e.terms = {single(std::move(origin))};
    return e;
}

Expression given(Words name, double value, Words note) {
    return {std::move(name), Operation::given, {}, value, 0.0, std::move(note)};
}

}  // namespace lab::explain
