#pragma once

#include <QKeySequence>
#include <QList>
#include <QString>
#include <vector>

#include "core/base/message.h"

namespace lab {

/// One thing the window can be told to do. Menus, buttons, shortcuts, the list of keys and the palette are made from these rows; what an
/// action does is said where the parts are that it acts on (Actions::on).
struct ActionRow {
    const char* id;         ///< "train.toggle"; kept for good: files, tests and screen readers name it
    SourceText group;       ///< heading in the list of keys
    SourceText text;        ///< with the menu's mnemonic
    const char* keys = "";  ///< portable, several joined by "; "
};

const std::vector<ActionRow>& actionTable();
/// Null when there is none of this name.
const ActionRow* findActionRow(const QString& id);

QString groupOf(const ActionRow& row);
QString textOf(const ActionRow& row);
QList<QKeySequence> keysOf(const ActionRow& row);

/// The groups in the order in which they are listed, those without rows of their own included.
QStringList actionGroups();
// Of actions that come from lists of their own: pages, languages, comparisons, sweeps.
QString pagesGroup();
QString viewGroup();
QString comparingGroup();
QString sweepsGroup();

}  // namespace lab
