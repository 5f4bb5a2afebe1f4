#include "ui/window/page_table.h"

#include <QScrollArea>
#include <iterator>
#include <type_traits>

#include "ui/pages/codes/codes_page.h"
#include "ui/pages/compare/compare_page.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/incontext/incontext_page.h"
#include "ui/pages/maps/maps_page.h"
#include "ui/pages/memory/memory_page.h"
#include "ui/pages/positions/positions_page.h"
#include "ui/pages/stream/stream_page.h"
#include "ui/pages/sweeps/sweeps_page.h"
#include "ui/pages/text/text_page.h"
#include "ui/pages/train/train_page.h"

namespace lab {
namespace {

template <class SomePage>
constexpr PageRow row(int kept) {
    constexpr bool ofSeveralRuns = std::is_constructible_v<SomePage, Focus&, Workspace&, QWidget*>;
    const auto make = [](Focus& focus, Workspace* workspace, QWidget* parent) -> Page* {
        if constexpr (ofSeveralRuns)
            return new SomePage(focus, *workspace, parent);
        else
            return new SomePage(focus, parent);
    };
    return {&SomePage::pageName, &SomePage::pageTitle, make, kept, ofSeveralRuns};
}

/// In the rail's order.
constexpr PageRow allPages[] = {
    row<TrainPage>(0),   row<MapsPage>(1),   row<ExplainPage>(2), row<PositionsPage>(3), row<StreamPage>(10), row<TextPage>(4),
    row<ComparePage>(5), row<SweepsPage>(6), row<MemoryPage>(7),  row<IncontextPage>(8), row<CodesPage>(9),
};

}  // namespace

std::span<const PageRow> pageTable() {
    return allPages;
}

QString keyOfPage(int page) {
    return QStringLiteral("1234567890-").mid(page, 1);
}

int keptPageNumber(int page) {
    return page >= 0 && page < static_cast<int>(std::size(allPages)) ? allPages[page].kept : -1;
}

QScrollArea* scrolled(QWidget* page) {
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->viewport()->setAutoFillBackground(false);
    if (page) setScrolled(*area, *page);
    return area;
}

void setScrolled(QScrollArea& frame, QWidget& page) {
    frame.setWidget(&page);
    page.setAutoFillBackground(false);
}

}  // namespace lab
