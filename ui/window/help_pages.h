#pragma once

#include <QString>
#include <span>

namespace lab {

/// A page to be read beside the work or on paper: resources/help/ID.CODE.md, one a language, or ID.md. A new one is its files, a row in
/// help_pages.cpp and its action's (action_table.cpp).
struct HelpPage {
    const char* id;
    const char* action;      ///< that opens it, by whose text it is called: "help.formats"
    const char* guide = "";  ///< what `attention-lab guide` calls it; empty for pages that are no guide
};

std::span<const HelpPage> helpPages();
/// By id; null when there is none.
const HelpPage* findHelpPage(const QString& id);
/// By what `attention-lab guide` calls it; null when there is none.
const HelpPage* findGuide(const QString& name);
QString titleOf(const HelpPage& page);

/// Its Markdown in the language in use, else in English, as it is read: without comments, and with every place filled (help_places.h).
QString helpText(const HelpPage& page);

}  // namespace lab
