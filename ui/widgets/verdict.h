#pragma once

#include <QString>

#include "ui/widgets/theme.h"

namespace lab {

/// What was checked, behind its tick or cross.
QString verdictText(bool right, const QString& found = {});
/// A difference that was found: 4e−8, or "0" where there is none.
QString differenceText(double difference);
/// The colour of what begins with a tick or a cross; of any other text, that of text.
Role verdictRole(const QString& text);
inline Role verdictRole(bool right) {
    return right ? Role::right : Role::wrong;
}

}  // namespace lab
