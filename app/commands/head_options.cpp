#include "app/commands/head_options.h"

namespace lab {
namespace {

struct PlaceName {
    const char* inCore;
    const char* option;
};
constexpr PlaceName placeNames[] = {{"block", "--block"}, {"layer", "--layer"},       {"head", "--head"}, {"query", "--query"},
                                    {"key", "--key"},     {"quantity", "--quantity"}, {"view", "--view"}, {"targets", "--target"}};

}  // namespace

std::vector<Option> headOptions() {
    return {
        {"--layer", "N", "of the head, from 0", false},
        {"--head", "N", "from 0", false},
        {"--block", "NAME", "instead of --layer: the attention block as traces name it, decoder.0.cross_attention", false},
    };
}

HeadChoice headChoice(const Arguments& arguments) {
    return {arguments.value("--block").value_or(""), arguments.integer("--layer", 0, 0), arguments.integer("--head", 0, 0)};
}

InputError asOption(const InputError& error) {
    for (const PlaceName& name : placeNames)
        if (const Message what = withoutPlace(error.message(), name.inCore); !(what == error.message()))
            return InputError(std::string(name.option), what);
    return error;
}

}  // namespace lab
