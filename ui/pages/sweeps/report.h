#pragma once

#include <QByteArray>

#include "ui/pages/sweeps/report_figures.h"
#include "ui/widgets/figure.h"

namespace lab {

/// All that a report shows, read and computed: slow, and needs no GUI thread.
struct ReportParts {
    ReportSource source;
    std::shared_ptr<const Figure> curves;   ///< null when the runs' metrics are missing
    std::shared_ptr<const Figure> scores;   ///< null without the checkpoint of an encoder
    std::shared_ptr<const Figure> weights;  ///< of forms with a position map; null without them
};

/// Throws InputError.
ReportParts reportParts(const std::filesystem::path& csv);

/// The report as a file's content, HTML or PDF; draws, so it belongs to the GUI thread.
QByteArray reportBytes(const ReportParts& parts, bool pdf);

}  // namespace lab
