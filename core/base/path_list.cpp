#include "core/base/path_list.h"

#include <algorithm>

#include "core/base/number_text.h"

namespace lab {

std::vector<std::string> pathsInList(std::string_view list) {
    std::vector<std::string> paths;
    std::string path;
    const auto finish = [&] {
        if (const std::string_view name = trimmed(path); !name.empty()) paths.emplace_back(name);
        path.clear();
    };
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t next = std::min(list.find_first_not_of('\\', at), list.size());
        const std::size_t slashes = next - at;
        const bool ends = next == list.size(), parts = !ends && list[next] == ';';
        path.append(ends ? (slashes + 1) / 2 : parts ? slashes / 2 : slashes, '\\');
        if (parts && slashes % 2 == 0)
            finish();
        else if (!ends)
            path += list[next];
        at = next + 1;
    }
    finish();
    return paths;
}

std::string listedPath(std::string_view path) {
    std::string listed;
    std::size_t slashes = 0;  // just before
    for (const char c : path) {
        if (c == ';') listed.append(slashes + 1, '\\');
        slashes = c == '\\' ? slashes + 1 : 0;
        listed += c;
    }
    return listed.append(slashes, '\\');
}

std::string pathList(const std::vector<std::string>& paths) {
    std::string list;
    for (const std::string& path : paths) list += (list.empty() ? "" : ";") + listedPath(path);
    return list;
}

}  // namespace lab
