#include "server/service/sweep_shelf.h"

#include <algorithm>
#include <vector>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/config/data_files.h"

namespace lab::server {
namespace {

/// From where it is kept, too, each run finds its files.
void requireFiles(const Sweep& sweep) {
    for (int row = 0; row < sweep.runCount(); ++row)
        for (const DataFile& file : dataFilesOf(experimentOf(sweep, row)))
            if (std::error_code error; !std::filesystem::is_regular_file(sweep.folder / pathFromUtf8(file.path), error))
                throw InputError(file.key, Message(LAB_TEXT("server", "%1 is not found from where the sweep is kept")).arg(file.path));
}

}  // namespace

SweepShelf::SweepShelf(std::filesystem::path folder, std::size_t mostSweeps, LeaseTerms terms,
                       const std::function<void(const std::string&)>& complain)
    : m_folder(std::move(folder)), m_mostSweeps(mostSweeps), m_terms(std::move(terms)) {
    std::filesystem::create_directories(m_folder);
    const std::filesystem::directory_iterator found(m_folder);
    for (const std::filesystem::path& kept : std::vector<std::filesystem::path>(begin(found), end(found))) {
        if (!std::filesystem::is_directory(kept)) continue;
        const std::string id = utf8Text(kept.filename());
        try {
            if (id.starts_with('.'))  // never whole, or deleted
                std::filesystem::remove_all(kept);
            else
                m_sweeps[id] = std::make_shared<SharedSweep>(kept, m_terms);
        } catch (const std::exception& error) {
            complain(id + ": " + error.what());
        }
    }
}

SweepShelf::Made SweepShelf::create(const Sweep& sweep, const MakingRequest& request) {
    const std::lock_guard making(m_making);
    const auto there = all();
    for (const auto& [id, each] : there)
        if (request.isAgain(each->request())) return {id, false};
    if (there.size() >= m_mostSweeps)
        throw noRoom(Message(LAB_TEXT("server", "%1 sweeps are held, as many as may be; delete one")).arg(m_mostSweeps));
    const std::string id = newId('s');
    const std::filesystem::path unfinished = m_folder / ("." + id);  // killed in between, the next start removes it
    try {
        requireFiles(SharedSweep(unfinished, sweep, request, m_terms).sweep());
        std::filesystem::rename(unfinished, m_folder / id);
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove_all(unfinished, ignored);
        throw;
    }
    auto made = std::make_shared<SharedSweep>(m_folder / id, m_terms);
    const std::lock_guard lock(m_mutex);
    m_sweeps[id] = std::move(made);
    return {id, true};
}

SharedSweepPtr SweepShelf::find(const std::string& id) const {
    const std::lock_guard lock(m_mutex);
    const auto found = m_sweeps.find(id);
    if (found == m_sweeps.end()) throw Refusal(404, Message(LAB_TEXT("server", "there is no sweep %1")).arg(id));
    return found->second;
}

std::vector<std::pair<std::string, SharedSweepPtr>> SweepShelf::all() const {
    const std::lock_guard lock(m_mutex);
    std::vector<std::pair<std::string, SharedSweepPtr>> sweeps(m_sweeps.begin(), m_sweeps.end());
    std::ranges::stable_sort(sweeps, {}, [](const auto& each) { return each.second->created(); });
    return sweeps;
}

void SweepShelf::remove(const std::string& id) {
    find(id)->remove();
    const std::lock_guard lock(m_mutex);
    m_sweeps.erase(id);
}

}  // namespace lab::server
