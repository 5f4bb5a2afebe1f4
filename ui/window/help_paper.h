#pragma once

#include <QString>

namespace lab {

struct HelpPage;

/// Writes a page of the help as a PDF, in the language in use: its contents with their pages, and all of it. Throws InputError naming the
/// file and the reason.
void writeHelpPaper(const QString& path, const HelpPage& page);

}  // namespace lab
