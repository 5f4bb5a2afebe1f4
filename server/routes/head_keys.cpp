#include "server/routes/head_keys.h"

namespace lab::server {

std::vector<Parameter> headKeys() {
    using Kind = Parameter::Kind;
    const Limits place{0, mostRows};
    return {
        {.name = "layer", .kind = Kind::integer, .help = LAB_TEXT("server", "of the head, from 0"), .limits = place, .standard = 0},
        {.name = "head", .kind = Kind::integer, .help = LAB_TEXT("server", "from 0"), .limits = place, .standard = 0},
        {.name = "block",
         .help = LAB_TEXT("server", "instead of layer: the attention block as traces name it, decoder.0.cross_attention"),
         .limits = {1, 200}},
        {.name = "query", .kind = Kind::integer, .help = LAB_TEXT("server", "position of the query, from 0"), .limits = place},
        {.name = "key",
         .kind = Kind::integer,
         .help = LAB_TEXT("server", "position of the key, or the slot of a bottleneck, from 0"),
         .limits = place},
    };
}

HeadChoice headChoice(const Values& body) {
    return {body.has("block") ? body.text("block") : std::string(), static_cast<int>(body.integer("layer")),
            static_cast<int>(body.integer("head"))};
}

}  // namespace lab::server
