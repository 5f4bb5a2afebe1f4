#include "ui/window/key_groups.h"

#include <QCoreApplication>
#include <algorithm>

#include "ui/window/action_table.h"
#include "ui/window/page_table.h"

namespace lab {
namespace {

/// Its texts.
class KeyWords {
    Q_DECLARE_TR_FUNCTIONS(KeyWords)

public:
    static KeyGroup ofWidgets() {
        return {tr("Where the focus is"),
                {{tr("Left, Right"),
                  tr("On the timeline: one kept step back, forward; on the columns of a number: the one before, the next one")},
                 {tr("Shift+Left, Shift+Right"), tr("On the timeline: ten kept steps")},
                 {tr("Home, End"), tr("On the timeline: first step, newest step")},
                 {tr("Enter"), tr("Press the button, edit the token, explain the map's cell that has the focus")},
                 {tr("Insert, Delete, M"), tr("On the input: add, take away, mask the token with the ring")},
                 {tr("L, R, C"), tr("On a map: lock the cell, light up its row, its column")},
                 {tr("+, \u2212, 0"), tr("On a map: larger cells, smaller cells, all of it")},
                 {tr("Shift+arrows"), tr("On an enlarged map: look around")},
                 {tr("Escape"), tr("Leave what is being typed; back from one head to all")}}};
    }

    static KeyGroup ofPages() {
        return {tr("On single pages"),
                {{tr("Ctrl+Tab, Ctrl+Shift+Tab"), tr("On pages with tabs: the next tab, the one before")},
                 {tr("Page Up, Page Down"), tr("On Explain: the stage before, the next one")},
                 {tr("Shift+Page Down"), tr("On Explain: play the stages")},
                 {tr("Enter, Backspace"), tr("On Explain: down to where a number comes from, back up")},
                 {tr("Alt+arrows"), tr("On Explain: another query, another key")},
                 {tr("[, ]"), tr("On Explain: another head")},
                 {tr("1, 2, 3"), tr("On a statement, of Explain or Codes: judge it; Up, Down go to another")},
                 {tr("Ctrl+Enter"), tr("On Text, Write: write on; Escape stops, Right at the end writes one token")},
                 {tr("F3"), tr("On Text, Corpus: the next place that the chosen rule of cleaning changed")},
                 {tr("Ctrl+Z, Ctrl+Shift+Z"),
                  tr("On Explain and Memory: undo what was changed there, redo; on Text, Write: bring back what was replaced")},
                 {tr("Left, Right, Space"), tr("In presenter mode: back, on, on; so do Page Up and Page Down, and Escape leaves it")},
                 {tr("Space, ., Ctrl+R"), tr("On Memory, Recall: recall or pause; one update; back to the query")}}};
    }
};

QString keysOf(const QList<QKeySequence>& sequences) {
    QStringList keys;
    for (const QKeySequence& key : sequences) keys << key.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral(", "));
}

}  // namespace

std::vector<KeyGroup> keysOfParts() {
    return {KeyWords::ofPages(), KeyWords::ofWidgets()};
}

void addKeys(std::vector<KeyGroup>& groups, const QString& title, const QString& keys, QString text) {
    auto group = std::ranges::find(groups, title, &KeyGroup::title);
    if (group == groups.end()) group = groups.insert(groups.end(), {title, {}});
    group->entries.emplace_back(keys, text.remove(QLatin1Char('&')).remove(QChar(0x2026)));
}

void sortByGroup(std::vector<KeyGroup>& groups) {
    const QStringList order = actionGroups();
    std::ranges::stable_sort(groups, {}, [&order](const KeyGroup& group) { return order.indexOf(group.title); });
}

std::vector<KeyGroup> keyGroups() {
    std::vector<KeyGroup> groups;
    for (const ActionRow& row : actionTable())
        if (*row.keys) addKeys(groups, groupOf(row), keysOf(keysOf(row)), textOf(row));
    for (int i = 0; i < static_cast<int>(pageTable().size()); ++i)
        addKeys(groups, pagesGroup(), keyOfPage(i), pageTable()[static_cast<std::size_t>(i)].title());
    sortByGroup(groups);
    for (KeyGroup& group : keysOfParts()) groups.push_back(std::move(group));
    return groups;
}

}  // namespace lab
