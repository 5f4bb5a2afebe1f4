#include "core/stream/depth.h"

#include <algorithm>
#include <map>

namespace lab {
namespace {

/// `topAt` gives the likeliest class at a place.
template <class TopAt>
LensDecision decisionBackFrom(int last, const TopAt& topAt) {
    const int answer = topAt(last);
    for (int place = last; place > 0; --place)
        if (const int before = topAt(place - 1); before != answer) return {place, answer, before};
    return {0, answer, -1};
}

}  // namespace

DepthCourse depthCourse(const StreamRuns& runs, const Lens& lens, int position, std::size_t most) {
    const int places = static_cast<int>(lens.states.places.size());
    const int answer = lens.at(places - 1, position).top;
    std::map<int, double> nearest;
    for (int place = 0; place < places; ++place)
        for (const LikelyClass& share : lens.at(place, position).likeliest)
            nearest[share.id] = std::max(nearest[share.id], share.probability);
    nearest.erase(answer);
    DepthCourse course{{answer}, {}};
    while (course.classes.size() < most && !nearest.empty()) {
        const auto next = std::ranges::max_element(nearest, {}, [](const auto& each) { return each.second; });
        course.classes.push_back(next->first);
        nearest.erase(next);
    }
    course.shares.resize(course.classes.size());
    for (int place = 0; place < places; ++place) {
        runs.goOn();
        const std::vector<double> shares = lensProbabilities(runs, lens.states, place, position);
        for (std::size_t c = 0; c < course.classes.size(); ++c)
            course.shares[c].push_back(shares[static_cast<std::size_t>(course.classes[c])]);
    }
    return course;
}

LensDecision decisionOf(const Lens& lens, int position) {
    const int last = static_cast<int>(lens.states.places.size()) - 1;
    return decisionBackFrom(last, [&](int place) { return lens.at(place, position).top; });
}

LensDecision decisionOf(const StreamRuns& runs, const StreamStates& states, int position) {
    return decisionBackFrom(static_cast<int>(states.places.size()) - 1, [&](int place) {
        runs.goOn();
        return readingOf(runs.read(states.at(place, position), 1).data(), states.classes, -1).top;
    });
}

}  // namespace lab
