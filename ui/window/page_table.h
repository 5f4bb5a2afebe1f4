#pragma once

#include <span>

#include "ui/pages/page.h"

class QScrollArea;

namespace lab {

class Workspace;

/// What the window knows of a page before it is made.
struct PageRow {
    QString (*name)();   ///< that places have for it, also of its icon: "maps"
    QString (*title)();  ///< on the rail
    Page* (*make)(Focus& focus, Workspace* workspace, QWidget* parent);
    int kept;                    ///< its number in the settings, for good: it stays when pages come between
    bool ofSeveralRuns = false;  ///< it needs the workspace; for the others that may be null
};

/// All pages in the rail's order: a new page is one row in page_table.cpp.
std::span<const PageRow> pageTable();

/// The key that shows the page at this place of the rail.
QString keyOfPage(int page);

/// The number that settings keep for the page at this place of the rail. -1: there is none.
int keptPageNumber(int page);

/// The page in a frame whose scroll bars appear only where it has less room than it needs; null: the frame alone, for setScrolled().
QScrollArea* scrolled(QWidget* page);
void setScrolled(QScrollArea& frame, QWidget& page);

}  // namespace lab
