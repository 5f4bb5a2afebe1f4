#include "ui/scenes/input_name.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/runs/focus.h"

namespace lab {
namespace {

struct InputNameWords {
    Q_DECLARE_TR_FUNCTIONS(InputName)
};

}  // namespace

bool hasOwnNumbers(const Input& input) {
    return std::ranges::any_of(input.interventions, [](const Intervention& i) { return i.kind == Intervention::Kind::replace; });
}

QString inputName(const Focus& focus) {
    if (hasOwnNumbers(focus.input())) return InputNameWords::tr("own numbers");
    if (focus.sampleIndex() < 0)
        return focus.input().masked.empty() ? InputNameWords::tr("own input") : InputNameWords::tr("own input, masked");
    return (focus.sampleIsValidation() ? InputNameWords::tr("validation sample %1") : InputNameWords::tr("training sample %1"))
        .arg(focus.sampleIndex());
}

}  // namespace lab
