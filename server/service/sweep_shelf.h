#pragma once

#include <memory>

#include "server/service/shared_sweep.h"

namespace lab::server {

using SharedSweepPtr = std::shared_ptr<SharedSweep>;

/// The sweeps of a server, each in a folder of its own. Any thread.
class SweepShelf {
public:
    /// Opens the sweeps of `folder`. One that cannot be opened is left alone and told to `complain`.
    SweepShelf(std::filesystem::path folder, std::size_t mostSweeps, LeaseTerms terms,
               const std::function<void(const std::string&)>& complain);

    struct Made {
        std::string id;
        bool anew = true;  ///< false: an earlier request with the same key had made it
    };
    /// Throws Refusal for a key that came with another body and for more sweeps than may be, InputError for a grid whose files are not
    /// there.
    Made create(const Sweep& sweep, const MakingRequest& request);
    /// Throws Refusal 404.
    SharedSweepPtr find(const std::string& id) const;
    /// In the order in which they were made.
    std::vector<std::pair<std::string, SharedSweepPtr>> all() const;
    void remove(const std::string& id);

    const LeaseTerms& terms() const { return m_terms; }

private:
    std::filesystem::path m_folder;
    std::size_t m_mostSweeps;
    LeaseTerms m_terms;
    std::mutex m_making;  ///< one sweep after the other; taken before m_mutex
    mutable std::mutex m_mutex;
    std::map<std::string, SharedSweepPtr> m_sweeps;
};

}  // namespace lab::server
