#pragma once

#include <QString>
#include <memory>

#include "core/base/platform_files.h"

namespace lab {

/// The file in which one window keeps something beside others that keep theirs: of notes.json, notes-2.json, ... one that no other window
/// has, first those that were left behind. It is this window's until this goes, or the program, however it ends.
class OwnFile {
public:
    explicit OwnFile(const QString& first);

    const QString& path() const { return m_path; }

private:
    bool take(const QString& path);

    QString m_path;
    std::unique_ptr<FileLock> m_lock;
};

}  // namespace lab
