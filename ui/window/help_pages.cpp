#include "ui/window/help_pages.h"

#include <QFile>
#include <QRegularExpression>
#include <algorithm>

#include "ui/text/language.h"
#include "ui/window/action_table.h"
#include "ui/window/help_places.h"

namespace lab {
namespace {

constexpr HelpPage helpRows[] = {
    {"guide-user", "help.user", "user"},
    {"guide-teacher", "help.teacher", "teacher"},
    {"guide-researcher", "help.researcher", "researcher"},
    {"formats", "help.formats"},
    {"http", "help.http"},
};

template <class Match>
const HelpPage* firstPage(Match matches) {
    const auto found = std::ranges::find_if(helpRows, matches);
    return found == std::end(helpRows) ? nullptr : found;
}

QString fileText(const QString& id) {
    for (const QString& code : {QLatin1Char('.') + language(), QStringLiteral(".en"), QString()}) {
        QFile file(QStringLiteral(":/help/%1%2.md").arg(id, code));
        if (file.open(QIODevice::ReadOnly)) return QString::fromUtf8(file.readAll());
    }
    return {};
}

}  // namespace

std::span<const HelpPage> helpPages() {
    return helpRows;
}

const HelpPage* findHelpPage(const QString& id) {
    return firstPage([&id](const HelpPage& page) { return id == QLatin1String(page.id); });
}

const HelpPage* findGuide(const QString& name) {
    return firstPage([&name](const HelpPage& page) { return *page.guide && name == QLatin1String(page.guide); });
}

QString titleOf(const HelpPage& page) {
    return textOf(*findActionRow(QLatin1String(page.action)));
}

QString helpText(const HelpPage& page) {
    // Comments mark what tests/write_formats.sh generates.
    static const QRegularExpression comment(QStringLiteral("<!--[^>]*-->\\n"));
    return withPlacesFilled(fileText(QLatin1String(page.id)).remove(comment));
}

}  // namespace lab
