#pragma once

#include <QString>
#include <memory>
#include <optional>

#include "core/base/platform_files.h"

namespace lab {

/// Keeps other programs from `file`, beside which the lock lies, while it lives; nothing when another one has it. Null in a folder where
/// nothing is written: nobody else can keep a file there either.
std::optional<std::shared_ptr<FileLock>> lockOf(const QString& file);

/// The file in which a program keeps something beside others that keep theirs: of notes.json, notes-2.json, ... one that no other program
/// has, first those that were left behind. It is this program's until the last of these goes (a window that is made anew in another
/// language has the file of the one before), or the program, however it ends.
class OwnFile {
public:
    explicit OwnFile(const QString& first);

    const QString& path() const { return m_path; }

private:
    bool take(const QString& path);

    QString m_path;
    std::shared_ptr<FileLock> m_lock;
};

}  // namespace lab
