#pragma once

#include <QString>
#include <utility>
#include <vector>

namespace lab {

/// One heading of a list of keys.
struct KeyGroup {
    QString title;
    std::vector<std::pair<QString, QString>> entries;  ///< keys, what they do
};

/// The keys that no action has: what the part with the focus knows by itself, and single pages.
std::vector<KeyGroup> keysOfParts();

/// Every key there is, as the tables of actions and of pages have them, and keysOfParts().
std::vector<KeyGroup> keyGroups();

/// In the order of their headings; a key of a heading that is not there yet begins it.
void addKeys(std::vector<KeyGroup>& groups, const QString& title, const QString& keys, QString text);
void sortByGroup(std::vector<KeyGroup>& groups);

}  // namespace lab
