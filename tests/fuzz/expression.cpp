#include "core/learn/expression.h"

#include <array>

#include "tests/fuzz/harness.h"

namespace lab::fuzz {
namespace {

class SomeFacts : public Facts {
public:
    std::optional<double> number(std::string_view name) const override { return name == "n" ? std::optional(3.0) : std::nullopt; }
    std::optional<std::string> word(std::string_view name) const override { return name == "w" ? std::optional("kv") : std::nullopt; }
    std::optional<Tensor> tensor(std::string_view name) const override {
        if (name == "t") return Tensor{{2, 3}, m_values.data()};
        return name == "none" ? std::optional(Tensor{{0}, m_values.data()}) : std::nullopt;
    }
    std::optional<double> ofStream(StreamFunction, const std::vector<Argument>& arguments) const override {
        return static_cast<double>(arguments.size());
    }

private:
    std::array<float, 6> m_values{0, 1, -1, 0.5f, 2, 1e30f};
};

}  // namespace

void expression(std::string_view bytes) {
    const SomeFacts facts;
    const bool sound = accepted([&] { checkExpression(bytes); });
    require(accepted([&] { asksStream(bytes); }) == sound, "whether it asks a stream is known of what is sound");
    accepted([&] { calculated(bytes, facts); });
    accepted([&] { calculatedList(bytes, facts); });
}

}  // namespace lab::fuzz
