#pragma once

#include "core/base/errors.h"
#include "core/goedel/natural.h"
#include "server/routes/parameter.h"
#include "server/routes/time_limit.h"

namespace lab::server {

/// Does what throws InputError about one key of the body.
template <class Work>
auto about(const std::string& key, Work work) {
    try {
        return work();
    } catch (const InputError& error) {
        throw wrong("/" + key, error.message());
    } catch (const goedel::Cancelled&) {
        TimeLimit::refuse();
    }
}

/// A whole number of any size, in a body as the text of its digits.
inline Parameter numberKey() {
    return {.name = "number",
            .help = LAB_TEXT("server", "in decimal digits"),
            .limits = {1, static_cast<double>(goedel::mostDigits)},
            .required = true};
}
inline goedel::Natural numberOf(const Values& body) {
    return about("number", [&] { return goedel::Natural::fromDecimal(body.text("number")); });
}

}  // namespace lab::server
