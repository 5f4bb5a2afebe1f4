#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/config/experiment.h"
#include "core/io/session_file.h"

namespace lab::server {

/// What the disk holds of a run: a folder with what was asked for, whether it shall train, and now and then its state. All that was
/// promised to a client is here, and flushed, before the promise is made; steps behind the state are computed again, bit for bit.
class RunFolder {
public:
    explicit RunFolder(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    struct Asked {
        Experiment experiment;     ///< as it was sent; paths relative to the folder of data
        std::string key;           ///< of an Idempotency-Key; empty: none
        std::string bodyHash;      ///< of what came with it
        std::int64_t created = 0;  ///< seconds since 1970
    };
    /// Of a run whose folder is made under this name first, and takes its own when it is whole (`becomes`): killed in between, the
    /// next start removes it. What is deleted goes the same way back.
    static std::filesystem::path unfinished(const std::filesystem::path& folder);
    static bool isUnfinished(const std::filesystem::path& folder);
    void becomes(const RunFolder& whole) const;

    void make(const Asked& asked) const;
    Asked asked() const;

    void setWanted(bool trains) const;
    bool wanted() const;

    void keep(const SessionRun& run) const;
    /// Nothing when none was kept yet.
    std::optional<SessionRun> kept() const;

    /// Throws std::filesystem::filesystem_error when it stays as it is.
    void remove() const;
    const std::filesystem::path& path() const { return m_folder; }

private:
    std::filesystem::path m_folder;
};

}  // namespace lab::server
