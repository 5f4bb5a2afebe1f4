#include "ui/window/page_table.h"

#include <QScrollArea>
#include <iterator>

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

enum class Shows { oneRun, severalRuns };

struct PageRow {
    MakePage* make;
    int kept;  ///< its number in the settings, for good
    Shows shows = Shows::oneRun;
};

template <class SomePage>
Page* make(Focus& focus, QWidget* parent, Workspace* workspace) {
    if constexpr (std::is_constructible_v<SomePage, Focus&, Workspace&, QWidget*>)
        return new SomePage(focus, *workspace, parent);
    else
        return new SomePage(focus, parent);
}

/// In the rail's order.
constexpr PageRow rows[] = {
    {make<TrainPage>, 0},
    {make<MapsPage>, 1},
    {make<ExplainPage>, 2},
    {make<PositionsPage>, 3},
    {make<StreamPage>, 10},
    {make<TextPage>, 4},
    {make<ComparePage>, 5, Shows::severalRuns},
    {make<SweepsPage>, 6, Shows::severalRuns},
    {make<MemoryPage>, 7},
    {make<IncontextPage>, 8, Shows::severalRuns},
    {make<CodesPage>, 9, Shows::severalRuns},
};

}  // namespace

std::vector<Page*> makePages(Focus& focus, QWidget* parent, Workspace* workspace) {
    std::vector<Page*> pages;
    for (const PageRow& row : rows) pages.push_back(row.shows == Shows::oneRun || workspace ? row.make(focus, parent, workspace) : nullptr);
    return pages;
}

int keptPageNumber(int page) {
    return page >= 0 && page < static_cast<int>(std::size(rows)) ? rows[page].kept : -1;
}

QScrollArea* scrolled(QWidget* page) {
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(page);
    page->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    return area;
}

}  // namespace lab
