#include "server/http/connections.h"

#include <algorithm>
#include <utility>

namespace lab::server {

std::map<std::string, int> Connections::countByPeer() const {
    std::map<std::string, int> counts;
    for (const auto& [socket, one] : m_open) ++counts[one.peer];
    return counts;
}

std::optional<int> Connections::came(int socket, const std::string& peer) {
    const std::lock_guard lock(m_mutex);
    m_open[socket] = {peer, ++m_events};
    if (m_open.size() <= m_most) return std::nullopt;
    const std::map<std::string, int> counts = countByPeer();
    int goes = socket;
    std::pair<int, std::uint64_t> best{0, 0};
    for (auto& [candidate, one] : m_open) {
        if (!one.waiting) continue;
        const std::pair order{counts.at(one.peer), ~one.since};
        if (order > best) {
            best = order;
            goes = candidate;
        }
    }
    m_open.erase(goes);  // its socket closes only later, and is not asked to go twice
    return goes;
}

void Connections::asked(int socket, const std::string& what) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_open.find(socket);
    if (found == m_open.end()) return;
    found->second.waiting = false;
    found->second.asked = what;
    found->second.since = ++m_events;
}

void Connections::waits(int socket) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_open.find(socket);
    if (found == m_open.end()) return;
    found->second.waiting = true;
    found->second.since = ++m_events;
}

void Connections::left(int socket) {
    const std::lock_guard lock(m_mutex);
    m_open.erase(socket);
}

std::vector<Connections::Peer> Connections::peers() const {
    const std::lock_guard lock(m_mutex);
    std::vector<const One*> ordered;
    for (const auto& [socket, one] : m_open) ordered.push_back(&one);
    std::ranges::sort(ordered, {}, &One::since);
    std::map<std::string, Peer> byAddress;
    std::vector<std::string> order;
    for (const One* one : ordered) {
        Peer& peer = byAddress[one->peer];
        peer.address = one->peer;
        ++peer.connections;
        if (!one->asked.empty()) peer.asked = one->asked;
        std::erase(order, one->peer);
        order.push_back(one->peer);
    }
    std::vector<Peer> result;
    for (const std::string& address : order) result.push_back(byAddress[address]);
    return result;
}

}  // namespace lab::server
