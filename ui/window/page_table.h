#pragma once

#include <vector>

#include "ui/pages/page.h"

class QScrollArea;

namespace lab {

class Workspace;

/// All pages in the rail's order: a new page is one row in page_table.cpp. Without a workspace null stands for a page of several runs.
std::vector<Page*> makePages(Focus& focus, QWidget* parent, Workspace* workspace = nullptr);

/// The number that settings keep for the page at this place of the rail: it stays when pages come between. -1: there is none.
int keptPageNumber(int page);

/// The page in a frame whose scroll bars appear only where it has less room than it needs.
QScrollArea* scrolled(QWidget* page);

}  // namespace lab
