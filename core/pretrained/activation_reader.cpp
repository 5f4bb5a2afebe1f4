#include "core/pretrained/activation_reader.h"

#include <array>

namespace lab {

Activation activationOf(const ConfigReader& config, const char* key, std::string_view usual, bool gated) {
    struct Row {
        std::string_view name;
        Activation activation;
    };
    static constexpr std::array<Row, 11> rows{{{"gelu", Activation::gelu},
                                               {"gelu_python", Activation::gelu},
                                               {"gelu_new", Activation::gelu_tanh},
                                               {"gelu_pytorch_tanh", Activation::gelu_tanh},
                                               {"gelu_fast", Activation::gelu_tanh},
                                               {"quick_gelu", Activation::quick_gelu},
                                               {"relu", Activation::relu},
                                               {"relu2", Activation::relu_squared},
                                               {"relu_squared", Activation::relu_squared},
                                               {"silu", Activation::swiglu},
                                               {"swish", Activation::swiglu}}};
    const std::string name = config.text(key, usual);
    for (const Row& row : rows)
        if (row.name == name && specOf(row.activation).gated == gated) return row.activation;
    config.refuseValue(key);
}

}  // namespace lab
