#pragma once

#include <vector>

#include "ui/pages/page.h"

namespace lab {

class Workspace;

/// All pages in the rail's order: a new page is one row in page_table.cpp. Without a workspace null stands for a page of several runs.
std::vector<Page*> makePages(Focus& focus, QWidget* parent, Workspace* workspace = nullptr);

}  // namespace lab
