#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace lab::budget {

// What looking may cost, and how often anything is drawn, traced, answered, measured or saved. Nobody else has a number of this kind.
//
// Looking at a run costs at most 15 % of its speed (DESIGN 5). Shares of one processor stay below that together: drawing 7 %, traces 5 %,
// written answers 2 %. Whatever else measures beside a run that trains does so only while somebody looks at it and rests nine times as long
// as it worked; what goes on as long as a run at full speed, which leaves no processor idle, rests thirty-nine times as long. Each of them
// measures what its last piece of work took and waits by that, so a share holds on any computer and for any model.
//
// Within its share everything goes by the frame: news of a training, of a growing answer, of jobs and sweeps come no more often than the
// window draws, some 30 times a second, and where drawing is dear less often, down to 8. Words and numbers that are to be read change
// every quarter of a second. The hand is no part of this: what it asks for is traced and drawn at once, and the training steps aside for
// that picture.

using std::chrono::milliseconds;

// Drawing.
constexpr milliseconds frame{33};
constexpr milliseconds page{31};           ///< a page's own timer: the way to the event loop takes the rest of the frame
constexpr milliseconds handFrame{16};      ///< while the hand moves maps side by side
constexpr milliseconds slowestFrame{120};  ///< where drawing is dear
constexpr milliseconds unwatched{1000};    ///< minimised
constexpr milliseconds timeline{100};      ///< a strip that only grows
constexpr milliseconds reading{250};       ///< words and numbers that a training changes
constexpr milliseconds writing{250};       ///< between two tokens of an answer that is written out: slow enough to be read
constexpr milliseconds terminal{100};      ///< the command line's status
constexpr milliseconds log{5000};          ///< where that is no terminal
constexpr milliseconds filmLook{5};        ///< has the picture that is filmed come?
constexpr double drawingShare = 0.07;      ///< of one processor, at full speed
constexpr double drawingMemory = 0.8;      ///< of what a frame took before, in what it is thought to take

/// Between two deliveries of news at full speed, by the milliseconds of work that one brings about.
constexpr milliseconds frameFor(double cost) {
    return std::clamp(milliseconds(static_cast<int>(cost / drawingShare)), frame, slowestFrame);
}
/// What a frame may be taken to cost: a busy hour without news counts as the slowest.
constexpr double dearestFrame = drawingShare * static_cast<double>(slowestFrame.count());

// Tracing and answering.
constexpr double tracingShare = 0.05;
constexpr double answeringShare = 0.02;         ///< what a decoder writes token by token
constexpr milliseconds traceUnderWay{15};       ///< until a trace that is still computed is asked for again, at least
constexpr milliseconds longestTraceWait{1000};  ///< then the share is asked anew
constexpr milliseconds handRests{120};          ///< a hand that scrubs on does not want the step in between recomputed
/// What a look at another moment takes of both processors: the trace, the page and its painting.
constexpr milliseconds standAside{35};
constexpr milliseconds askingForMoments{500};  ///< between two questions for full states to a run that trains

/// From one look that took so many seconds of a processor to the next.
constexpr milliseconds between(double seconds, double share) {
    return milliseconds(static_cast<std::int64_t>(seconds / share * 1000));
}

// Advice while a model trains.
constexpr milliseconds adviceStays{8000};  ///< a sentence can be read before another takes its place
constexpr int longestMeasured = 256;       ///< tokens: the heads of longer sequences cost more than a sentence is worth

// Measuring beside a training.
constexpr double restPerWork = 9;              ///< a tenth of one processor
constexpr double restPerWorkAtFullSpeed = 39;  ///< a fortieth: what goes on as long as the run does
constexpr double portion = 0.08;               ///< seconds of heads over training at a time
constexpr double portionInTraining = 0.02;
constexpr double leastListed = 0.2;       ///< seconds of work that are left: less is over before anybody could read it
constexpr milliseconds rateWindow{3000};  ///< of wall time, for how long a run still takes
constexpr double speedWindow = 1.0;       ///< seconds of computing, for tokens a second

/// The rest after so many seconds of work, for a timer.
constexpr milliseconds restAfter(double seconds, double perWork = restPerWork) {
    return std::max(milliseconds(1), milliseconds(static_cast<int>(perWork * seconds * 1000)));
}

// Files.
constexpr milliseconds autosave{60'000};    ///< what a crash may cost at most
constexpr milliseconds changedFiles{1000};  ///< a sweep's results, whoever writes them

}  // namespace lab::budget
